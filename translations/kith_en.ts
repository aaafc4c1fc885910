<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Words</name>
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
    <name>kith::ui::TimelineView</name>
    <message numerus="yes">
        <source>%n new message(s)</source>
        <translation>
            <numerusform>%n new message</numerusform>
            <numerusform>%n new messages</numerusform>
        </translation>
    </message>
</context>
</TS>
