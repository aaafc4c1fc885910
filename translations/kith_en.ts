<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Words</name>
    <message numerus="yes">
        <source>%n message(s) not sent</source>
        <translation>
            <numerusform>%n message not sent</numerusform>
            <numerusform>%n messages not sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread message(s)</source>
        <translation>
            <numerusform>%n unread message</numerusform>
            <numerusform>%n unread messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>Too many attempts. Try again in %n second.</numerusform>
            <numerusform>Too many attempts. Try again in %n seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people are typing…</source>
        <translation>
            <numerusform>%n person is typing…</numerusform>
            <numerusform>%n people are typing…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>%n member</numerusform>
            <numerusform>%n members</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Loading %n message(s)…</source>
        <translation>
            <numerusform>Loading %n message…</numerusform>
            <numerusform>Loading %n messages…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) are not on this computer</source>
        <translation>
            <numerusform>%n message is not on this computer</numerusform>
            <numerusform>%n messages are not on this computer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Too many wrong passphrases. Try again in %n second(s).</source>
        <translation>
            <numerusform>Too many wrong passphrases. Try again in %n second.</numerusform>
            <numerusform>Too many wrong passphrases. Try again in %n seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) are not on this computer: you are no longer a member</source>
        <translation>
            <numerusform>%n message is not on this computer: you are no longer a member</numerusform>
            <numerusform>%n messages are not on this computer: you are no longer a member</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) are not on this computer, and the server no longer has them</source>
        <translation>
            <numerusform>%n message is not on this computer, and the server no longer has it</numerusform>
            <numerusform>%n messages are not on this computer, and the server no longer has them</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::Banner</name>
    <message numerus="yes">
        <source>No connection to the server. Next attempt in %n s.</source>
        <translation>
            <numerusform>No connection to the server. Next attempt in %n s.</numerusform>
            <numerusform>No connection to the server. Next attempt in %n s.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::CodePage</name>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>Too many attempts. Try again in %n second.</numerusform>
            <numerusform>Too many attempts. Try again in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::EnrolDialog</name>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>Too many attempts. Try again in %n second.</numerusform>
            <numerusform>Too many attempts. Try again in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::LoginPage</name>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>Too many attempts. Try again in %n second.</numerusform>
            <numerusform>Too many attempts. Try again in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::SecretsDialog</name>
    <message numerus="yes">
        <source>At least %n character(s).</source>
        <translation>
            <numerusform>At least %n character.</numerusform>
            <numerusform>At least %n characters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::SecurityDialog</name>
    <message numerus="yes">
        <source>After %n minute(s)</source>
        <translation>
            <numerusform>After %n minute</numerusform>
            <numerusform>After %n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On since %1. %n recovery code(s) left.</source>
        <translation>
            <numerusform>On since %1. %n recovery code left.</numerusform>
            <numerusform>On since %1. %n recovery codes left.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::TimelineView</name>
    <message numerus="yes">
        <source>%n new message(s)</source>
        <translation>
            <numerusform>%n new message</numerusform>
            <numerusform>%n new messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::UnlockPage</name>
    <message numerus="yes">
        <source>Too many wrong passphrases. Try again in %n second(s).</source>
        <translation>
            <numerusform>Too many wrong passphrases. Try again in %n second.</numerusform>
            <numerusform>Too many wrong passphrases. Try again in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::ChatController</name>
    <message numerus="yes">
        <source>The history on this computer was damaged. %n message(s) were saved into a new one; what is missing comes back from the server where it has it.</source>
        <translation>
            <numerusform>The history on this computer was damaged. %n message was saved into a new one; what is missing comes back from the server where it has it.</numerusform>
            <numerusform>The history on this computer was damaged. %n messages were saved into a new one; what is missing comes back from the server where it has it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) could not be read. The damaged file: %1</source>
        <translation>
            <numerusform>%n page could not be read. The damaged file: %1</numerusform>
            <numerusform>%n pages could not be read. The damaged file: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::DownloadDialog</name>
    <message numerus="yes">
        <source>%Ln message(s) are not on this computer</source>
        <translation>
            <numerusform>%Ln message is not on this computer</numerusform>
            <numerusform>%Ln messages are not on this computer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) cannot be had: the server gives them to members only, or does not have them any more.</source>
        <translation>
            <numerusform>%Ln message cannot be had: the server gives it to members only, or does not have it any more.</numerusform>
            <numerusform>%Ln messages cannot be had: the server gives them to members only, or does not have them any more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::DownloadModel</name>
    <message numerus="yes">
        <source>%n gap(s)</source>
        <translation>
            <numerusform>%n gap</numerusform>
            <numerusform>%n gaps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::ReceiptsDialog</name>
    <message numerus="yes">
        <source>Read by %n</source>
        <translation>
            <numerusform>Read by %n</numerusform>
            <numerusform>Read by %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>received by %n</source>
        <translation>
            <numerusform>received by %n</numerusform>
            <numerusform>received by %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::Desktop</name>
    <message numerus="yes">
        <source>%n new message(s)</source>
        <translation>
            <numerusform>%n new message</numerusform>
            <numerusform>%n new messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n conversation(s)</source>
        <translation>
            <numerusform>in %n conversation</numerusform>
            <numerusform>in %n conversations</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::Tray</name>
    <message numerus="yes">
        <source>Kith: %n unread message(s)</source>
        <translation>
            <numerusform>Kith: %n unread message</numerusform>
            <numerusform>Kith: %n unread messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::InspectorWindow</name>
    <message numerus="yes">
        <source>%Ln frame(s)</source>
        <translation>
            <numerusform>%Ln frame</numerusform>
            <numerusform>%Ln frames</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportPhrases</name>
    <message numerus="yes">
        <source>%Ln message(s)</source>
        <translation>
            <numerusform>%Ln message</numerusform>
            <numerusform>%Ln messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not here: no. %1 to %2</source>
        <translation>
            <numerusform>%Ln message is not here: no. %1 to %2</numerusform>
            <numerusform>%Ln messages are not here: no. %1 to %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) were not on this computer; the gaps are marked.</source>
        <translation>
            <numerusform>%Ln message was not on this computer; the gap is marked.</numerusform>
            <numerusform>%Ln messages were not on this computer; the gaps are marked.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::ExportDialog</name>
    <message numerus="yes">
        <source>%Ln message(s) are in the file</source>
        <translation>
            <numerusform>%Ln message is in the file</numerusform>
            <numerusform>%Ln messages are in the file</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) that are not sent stand at its end.</source>
        <translation>
            <numerusform>%Ln message that is not sent stands at its end.</numerusform>
            <numerusform>%Ln messages that are not sent stand at its end.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not on this computer; the file says where they are missing.</source>
        <translation>
            <numerusform>%Ln message is not on this computer; the file says where it is missing.</numerusform>
            <numerusform>%Ln messages are not on this computer; the file says where they are missing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::FindPanel</name>
    <message numerus="yes">
        <source>%Ln message(s) searched, back to %1.</source>
        <translation>
            <numerusform>%Ln message searched, back to %1.</numerusform>
            <numerusform>%Ln messages searched, back to %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not on this computer (%1).</source>
        <translation>
            <numerusform>%Ln message is not on this computer (%1).</numerusform>
            <numerusform>%Ln messages are not on this computer (%1).</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln gap(s)</source>
        <translation>
            <numerusform>%Ln gap</numerusform>
            <numerusform>%Ln gaps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not to be had any more.</source>
        <translation>
            <numerusform>%Ln message is not to be had any more.</numerusform>
            <numerusform>%Ln messages are not to be had any more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::GroupDialog</name>
    <message numerus="yes">
        <source>At most %n character(s).</source>
        <translation>
            <numerusform>At most %n character.</numerusform>
            <numerusform>At most %n characters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::ProfileCard</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>At most %n character(s).</source>
        <translation>
            <numerusform>At most %n character.</numerusform>
            <numerusform>At most %n characters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::MembersDialog</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::ForgetDialog</name>
    <message numerus="yes">
        <source>Older than %n day(s)</source>
        <translation>
            <numerusform>Older than %n day</numerusform>
            <numerusform>Older than %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s)</source>
        <translation>
            <numerusform>%Ln message</numerusform>
            <numerusform>%Ln messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln conversation(s)</source>
        <translation>
            <numerusform>%Ln conversation</numerusform>
            <numerusform>%Ln conversations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them cannot be downloaded again: you are no longer a member there, or the server does not have them any more.</source>
        <translation>
            <numerusform>%Ln of them cannot be downloaded again: you are no longer a member there, or the server does not have it any more.</numerusform>
            <numerusform>%Ln of them cannot be downloaded again: you are no longer a member there, or the server does not have them any more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are gone from this computer</source>
        <translation>
            <numerusform>%Ln message is gone from this computer</numerusform>
            <numerusform>%Ln messages are gone from this computer</numerusform>
        </translation>
    </message>
</context>
</TS>
