<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>DesktopNotifications</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>ExportPhrases</name>
    <message>
        <source>Exported on %1</source>
        <comment>date and time</comment>
        <translation>导出于 %1</translation>
    </message>
    <message>
        <source>From %1 to %2</source>
        <comment>days</comment>
        <translation>从 %1 到 %2</translation>
    </message>
    <message>
        <source>From %1 on</source>
        <comment>day</comment>
        <translation>从 %1 起</translation>
    </message>
    <message>
        <source>Up to %1</source>
        <comment>day</comment>
        <translation>到 %1 为止</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s)</source>
        <translation>
            <numerusform>%Ln 条消息</numerusform>
        </translation>
    </message>
    <message>
        <source>One message is not here: no. %1</source>
        <translation>缺少一条消息：第 %1 号</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not here: no. %1 to %2</source>
        <translation>
            <numerusform>缺少 %Ln 条消息：第 %1 至 %2 号</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is missing.</source>
        <translation>没有缺失。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) were not on this computer; the gaps are marked.</source>
        <translation>
            <numerusform>有 %Ln 条消息不在这台电脑上；缺失处已标明。</numerusform>
        </translation>
    </message>
    <message>
        <source>Message recalled</source>
        <translation>消息已撤回</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>等待发送</translation>
    </message>
    <message>
        <source>Not sent. %1</source>
        <translation>未发送。%1</translation>
    </message>
    <message>
        <source>[Picture]</source>
        <translation>[图片]</translation>
    </message>
    <message>
        <source>[File]</source>
        <translation>[文件]</translation>
    </message>
    <message>
        <source>[Gift]</source>
        <translation>[礼物]</translation>
    </message>
    <message>
        <source>A message that is not on this computer</source>
        <translation>一条不在这台电脑上的消息</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Draft:</source>
        <translation>草稿：</translation>
    </message>
    <message>
        <source>New messages</source>
        <translation>以下是新消息</translation>
    </message>
    <message>
        <source>This is where the conversation begins</source>
        <translation>会话从这里开始</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>edited %1</source>
        <comment>time</comment>
        <translation>%1 已编辑</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Message recalled</source>
        <translation>消息已撤回</translation>
    </message>
    <message>
        <source>An earlier message</source>
        <translation>更早的消息</translation>
    </message>
    <message>
        <source>This message was recalled</source>
        <translation>此消息已撤回</translation>
    </message>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>尝试次数过多，请 %n 秒后再试。</numerusform>
        </translation>
    </message>
    <message>
        <source>The server refused this message.</source>
        <translation>服务器拒绝了这条消息。</translation>
    </message>
    <message>
        <source>The server did not understand this. A newer version of Kith may help.</source>
        <translation>服务器无法理解此请求，升级 Kith 可能会解决。</translation>
    </message>
    <message>
        <source>This is too long. Send it in parts.</source>
        <translation>内容太长，请分几次发送。</translation>
    </message>
    <message>
        <source>You were logged out here. Log in again; your messages are kept.</source>
        <translation>你已在此设备退出登录。请重新登录，消息都还在。</translation>
    </message>
    <message>
        <source>User name or password is wrong.</source>
        <translation>用户名或密码错误。</translation>
    </message>
    <message>
        <source>This is not allowed on this server.</source>
        <translation>此服务器不允许这样做。</translation>
    </message>
    <message>
        <source>You are not a member of this conversation.</source>
        <translation>你不是该会话的成员。</translation>
    </message>
    <message>
        <source>This person does not take messages from you.</source>
        <translation>对方不接收你的消息。</translation>
    </message>
    <message>
        <source>You may not write here at the moment.</source>
        <translation>你暂时不能在这里发言。</translation>
    </message>
    <message>
        <source>You may send more once they have answered.</source>
        <translation>对方回复后才能继续发送。</translation>
    </message>
    <message>
        <source>The server does not pass this content on.</source>
        <translation>服务器不转发此内容。</translation>
    </message>
    <message>
        <source>This is no longer there.</source>
        <translation>内容已不存在。</translation>
    </message>
    <message>
        <source>This was changed elsewhere in the meantime.</source>
        <translation>内容已在别处被修改。</translation>
    </message>
    <message>
        <source>The server was restored from a backup. Kith compares its history.</source>
        <translation>服务器已从备份恢复，Kith 正在核对聊天记录。</translation>
    </message>
    <message>
        <source>That was too fast for the server. Wait a moment.</source>
        <translation>操作太频繁，请稍等片刻。</translation>
    </message>
    <message>
        <source>The server is busy. Try again in a moment.</source>
        <translation>服务器繁忙，请稍后再试。</translation>
    </message>
    <message>
        <source>Something went wrong on the server. Nothing of yours is lost.</source>
        <translation>服务器出错了，你的内容没有丢失。</translation>
    </message>
    <message>
        <source>The server cannot be reached. Check the address and your network, then try again.</source>
        <translation>无法连接服务器。请检查地址和网络后重试。</translation>
    </message>
    <message>
        <source>The connection is not safe: the server&apos;s certificate was not accepted. Nothing was sent.</source>
        <translation>连接不安全：服务器证书未被接受，没有发送任何内容。</translation>
    </message>
    <message>
        <source>Something answers at this address, but it is not a Kith server.</source>
        <translation>此地址有响应，但不是 Kith 服务器。</translation>
    </message>
    <message>
        <source>The server refused this.</source>
        <translation>服务器拒绝了此请求。</translation>
    </message>
    <message>
        <source>You are not logged in.</source>
        <translation>尚未登录。</translation>
    </message>
    <message>
        <source>The history on this computer cannot be written or read. What is saved stays saved; look for space on the disk.</source>
        <translation>无法读写本机的聊天记录。已保存的内容不会丢失，请检查磁盘空间。</translation>
    </message>
    <message>
        <source>Kith is already running with this profile. Use its window, or close it first.</source>
        <translation>Kith 已在使用此配置运行。请使用已打开的窗口，或先将其关闭。</translation>
    </message>
    <message>
        <source>The system&apos;s keyring is locked. Unlock it, then try again.</source>
        <translation>系统密钥环已锁定，请解锁后重试。</translation>
    </message>
    <message>
        <source>This system has no keyring. A passphrase will protect your history instead.</source>
        <translation>本系统没有密钥环，将改用口令保护聊天记录。</translation>
    </message>
    <message>
        <source>The history is here, but its key is not in the keyring. It was left untouched: restore the keyring, or start with another profile.</source>
        <translation>聊天记录在本机，但密钥环中没有对应的密钥。数据未被改动：请恢复密钥环，或使用另一个配置启动。</translation>
    </message>
    <message>
        <source>Your history is protected by a passphrase.</source>
        <translation>你的聊天记录受口令保护。</translation>
    </message>
    <message>
        <source>This is not the right passphrase.</source>
        <translation>口令不正确。</translation>
    </message>
    <message>
        <source>The key file cannot be used: it must hold 64 hexadecimal characters and be readable by you only.</source>
        <translation>密钥文件无法使用：须为 64 个十六进制字符，且仅本人可读。</translation>
    </message>
    <message>
        <source>An address with http:// is only accepted on this computer. Use https://.</source>
        <translation>http:// 地址仅限本机使用，请改用 https://。</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>d MMM</source>
        <extracomment>Short date in the list, this year (Qt date format)</extracomment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>with year</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>dddd, d MMMM</source>
        <extracomment>Day separator (Qt date format)</extracomment>
        <translation>M月d日 dddd</translation>
    </message>
    <message>
        <source>dddd, d MMMM yyyy</source>
        <comment>with year</comment>
        <translation>yyyy年M月d日 dddd</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>date, time</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation>某人</translation>
    </message>
    <message>
        <source>you</source>
        <translation>你</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between names</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>You created the group “%1”</source>
        <translation>你创建了群组“%1”</translation>
    </message>
    <message>
        <source>%1 created the group “%2”</source>
        <translation>%1 创建了群组“%2”</translation>
    </message>
    <message>
        <source>You renamed the group to “%1”</source>
        <translation>你将群组改名为“%1”</translation>
    </message>
    <message>
        <source>%1 renamed the group to “%2”</source>
        <translation>%1 将群组改名为“%2”</translation>
    </message>
    <message>
        <source>You added %1</source>
        <translation>你邀请了 %1</translation>
    </message>
    <message>
        <source>%1 added %2</source>
        <translation>%1 邀请了 %2</translation>
    </message>
    <message>
        <source>You removed %1</source>
        <translation>你移除了 %1</translation>
    </message>
    <message>
        <source>%1 removed %2</source>
        <translation>%1 移除了 %2</translation>
    </message>
    <message>
        <source>You left the group</source>
        <translation>你退出了群组</translation>
    </message>
    <message>
        <source>%1 left the group</source>
        <translation>%1 退出了群组</translation>
    </message>
    <message>
        <source>You joined the group</source>
        <translation>你加入了群组</translation>
    </message>
    <message>
        <source>%1 joined the group</source>
        <translation>%1 加入了群组</translation>
    </message>
    <message>
        <source>You changed the role of %1</source>
        <translation>你更改了 %1 的身份</translation>
    </message>
    <message>
        <source>%1 changed the role of %2</source>
        <translation>%1 更改了 %2 的身份</translation>
    </message>
    <message>
        <source>%1 changed the group</source>
        <translation>%1 更新了群组</translation>
    </message>
    <message>
        <source>No messages yet</source>
        <translation>还没有消息</translation>
    </message>
    <message>
        <source>You: %1</source>
        <translation>我：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%n people are typing…</source>
        <translation>
            <numerusform>%n 人正在输入…</numerusform>
        </translation>
    </message>
    <message>
        <source>typing…</source>
        <translation>正在输入…</translation>
    </message>
    <message>
        <source>%1 is typing…</source>
        <translation>%1 正在输入…</translation>
    </message>
    <message>
        <source>%1 are typing…</source>
        <translation>%1 正在输入…</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>等待发送</translation>
    </message>
    <message>
        <source>Not sent. %1</source>
        <translation>未发送。%1</translation>
    </message>
    <message>
        <source>Read by %1 of %2</source>
        <translation>%2 人中 %1 人已读</translation>
    </message>
    <message>
        <source>Delivered to %1 of %2</source>
        <translation>%2 人中已送达 %1 人</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>已读</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>已送达</translation>
    </message>
    <message>
        <source>online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>away</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>离线</translation>
    </message>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>%n 名成员</numerusform>
        </translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>群主</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理员</translation>
    </message>
    <message numerus="yes">
        <source>Loading %n message(s)…</source>
        <translation>
            <numerusform>正在加载 %n 条消息…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) are not on this computer</source>
        <translation>
            <numerusform>%n 条消息不在这台电脑上</numerusform>
        </translation>
    </message>
    <message>
        <source>The disk is full: nothing more can be saved. What is saved stays saved; make space, then try again.</source>
        <translation>磁盘已满，无法再保存新内容。已保存的内容不会丢失，请腾出空间后重试。</translation>
    </message>
    <message>
        <source>A newer version of Kith wrote this history. It was left untouched: use that version.</source>
        <translation>此聊天记录由更新版本的 Kith 写入，未被改动。请使用该版本打开。</translation>
    </message>
    <message>
        <source>A code from your authenticator is needed.</source>
        <translation>需要身份验证器上的验证码。</translation>
    </message>
    <message>
        <source>This code is wrong or was used already. Wait for the next one.</source>
        <translation>验证码不正确或已经用过。请等下一个。</translation>
    </message>
    <message>
        <source>This enrolment is over. Begin again.</source>
        <translation>这次登记已失效，请重新开始。</translation>
    </message>
    <message>
        <source>The key of your history is in the system&apos;s keyring, which does not answer. Start it, then try again. Nothing was changed.</source>
        <translation>历史记录的密钥保存在系统密钥环中，但密钥环没有响应。请启动它后重试；没有任何改动。</translation>
    </message>
    <message>
        <source>The system&apos;s keyring takes very long to answer. Try again; nothing was changed.</source>
        <translation>系统密钥环响应太慢。请重试；没有任何改动。</translation>
    </message>
    <message numerus="yes">
        <source>Too many wrong passphrases. Try again in %n second(s).</source>
        <translation>
            <numerusform>密码短语错误次数过多。请在 %n 秒后重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>The account was made</source>
        <translation>账号已创建</translation>
    </message>
    <message>
        <source>Logged in</source>
        <translation>已登录</translation>
    </message>
    <message>
        <source>A login failed: wrong password</source>
        <translation>登录失败：密码错误</translation>
    </message>
    <message>
        <source>A login failed: right password, wrong code</source>
        <translation>登录失败：密码正确，验证码错误</translation>
    </message>
    <message>
        <source>Logged in with a recovery code</source>
        <translation>使用恢复码登录</translation>
    </message>
    <message>
        <source>Logged out</source>
        <translation>已退出登录</translation>
    </message>
    <message>
        <source>Logged out everywhere</source>
        <translation>已在所有设备上退出</translation>
    </message>
    <message>
        <source>The password was changed</source>
        <translation>密码已修改</translation>
    </message>
    <message>
        <source>A wrong password was typed in the settings</source>
        <translation>在设置中输入了错误的密码</translation>
    </message>
    <message>
        <source>The second factor was turned on</source>
        <translation>两步验证已开启</translation>
    </message>
    <message>
        <source>The second factor was turned off</source>
        <translation>两步验证已关闭</translation>
    </message>
    <message>
        <source>A wrong code was typed in the settings</source>
        <translation>在设置中输入了错误的验证码</translation>
    </message>
    <message>
        <source>New recovery codes were made</source>
        <translation>已生成新的恢复码</translation>
    </message>
    <message>
        <source>A device was logged out</source>
        <translation>一台设备被退出登录</translation>
    </message>
    <message>
        <source>%1 (earlier)</source>
        <comment>what the server lost of a conversation</comment>
        <translation>%1（较早）</translation>
    </message>
    <message>
        <source>The history file of this profile cannot be read: it is damaged, or its key is another one. It was left untouched. If you have a copy of it, put it back and try again.</source>
        <translation>无法读取此配置的历史文件：文件已损坏，或密钥不符。文件未被改动。如果你有它的副本，请放回原处再试。</translation>
    </message>
    <message>
        <source>A file of this name is there already. It was left as it is.</source>
        <translation>已有同名文件，未作改动。</translation>
    </message>
    <message>
        <source>The disk is full: nothing was written. Make space or choose another place, then try again.</source>
        <translation>磁盘已满，没有写入任何内容。请腾出空间或另选位置，然后重试。</translation>
    </message>
    <message>
        <source>Another export is writing this file. Wait for it, or choose another name.</source>
        <translation>另一个导出正在写入这个文件。请等它完成，或换一个名称。</translation>
    </message>
    <message>
        <source>The server was restored from a backup meanwhile. Nothing was written; start again.</source>
        <translation>服务器在此期间从备份恢复。没有写入任何内容，请重新开始。</translation>
    </message>
    <message>
        <source>This file cannot be written. Choose another place, then try again.</source>
        <translation>无法写入这个文件。请另选位置，然后重试。</translation>
    </message>
    <message numerus="yes">
        <source>%n unread message(s)</source>
        <translation>
            <numerusform>%n 条未读消息</numerusform>
        </translation>
    </message>
    <message>
        <source>marked as unread</source>
        <translation>已标为未读</translation>
    </message>
    <message>
        <source>mentions you</source>
        <translation>提到了你</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) not sent</source>
        <translation>
            <numerusform>%n 条消息未发送</numerusform>
        </translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>已开启免打扰</translation>
    </message>
    <message>
        <source>Draft: %1</source>
        <translation>草稿：%1</translation>
    </message>
    <message>
        <source>last seen today at %1</source>
        <translation>今天 %1 在线</translation>
    </message>
    <message>
        <source>last seen yesterday at %1</source>
        <translation>昨天 %1 在线</translation>
    </message>
    <message>
        <source>last seen on %1</source>
        <translation>最后在线：%1</translation>
    </message>
    <message>
        <source>The proxy cannot be reached, or it refuses. Check it in the settings, then try again.</source>
        <translation>无法连接代理，或被代理拒绝。请在设置中检查后重试。</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) are not on this computer: you are no longer a member</source>
        <translation>
            <numerusform>%n 条消息不在这台电脑上：你已不是该群成员</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) are not on this computer, and the server no longer has them</source>
        <translation>
            <numerusform>%n 条消息不在这台电脑上，服务器上也已没有</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::models::LinkLogModel</name>
    <message>
        <source>Logged out</source>
        <translation>已退出登录</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Connected, catching up</source>
        <translation>已连接，正在同步</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待重连</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>code %1</source>
        <translation>代码 %1</translation>
    </message>
    <message>
        <source>next attempt in %1 s</source>
        <translation>%1 秒后重试</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Lasted</source>
        <translation>持续</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>kith::models::WireLogModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Op</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
</context>
<context>
    <name>kith::ui::Banner</name>
    <message>
        <source>Retry now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Offline. Everything that is on this computer can be read.</source>
        <translation>离线。已保存在这台电脑上的内容都可以阅读。</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message numerus="yes">
        <source>No connection to the server. Next attempt in %n s.</source>
        <translation>
            <numerusform>未连接到服务器，%n 秒后重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>No connection to the server. Trying again…</source>
        <translation>未连接到服务器，正在重试…</translation>
    </message>
</context>
<context>
    <name>kith::ui::ChatController</name>
    <message>
        <source>Unmute</source>
        <translation>取消免打扰</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>免打扰</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Leave the group</source>
        <translation>退出群组</translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation>编辑消息</translation>
    </message>
    <message>
        <source>The message was not changed. %1</source>
        <translation>消息没有修改。%1</translation>
    </message>
    <message>
        <source>The server was restored from an older copy. What it lost is kept here, under names that end in “(earlier)”.</source>
        <translation>服务器已从较旧的备份恢复。服务器丢失的消息保留在这台电脑上，名称以“（较早）”结尾。</translation>
    </message>
    <message numerus="yes">
        <source>The history on this computer was damaged. %n message(s) were saved into a new one; what is missing comes back from the server where it has it.</source>
        <translation>
            <numerusform>这台电脑上的历史文件已损坏。已将 %n 条消息存入新文件；缺少的内容会在服务器仍有时取回。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) could not be read. The damaged file: %1</source>
        <translation>
            <numerusform>有 %n 页无法读取。损坏的文件：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin to the top</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>标为已读</translation>
    </message>
    <message>
        <source>Mark as unread</source>
        <translation>标为未读</translation>
    </message>
    <message>
        <source>Out of the archive</source>
        <translation>移出归档</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>For 1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>For 8 hours</source>
        <translation>8 小时</translation>
    </message>
    <message>
        <source>Until I switch it on again</source>
        <translation>直到我重新打开</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Name and description…</source>
        <translation>名称与简介…</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>个人资料</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>解除屏蔽</translation>
    </message>
    <message>
        <source>Go to a day…</source>
        <translation>跳到某一天…</translation>
    </message>
    <message>
        <source>On this computer…</source>
        <translation>这台电脑上的内容…</translation>
    </message>
    <message>
        <source>Leave the group…</source>
        <translation>退出群聊…</translation>
    </message>
    <message>
        <source>Leave “%1”?</source>
        <translation>退出“%1”？</translation>
    </message>
    <message>
        <source>Nothing new will come from this group, and only a member can bring you back. The history stays on this computer.</source>
        <translation>你将不再收到这个群的新消息，只有群成员能再次邀请你。历史记录仍保留在这台电脑上。</translation>
    </message>
</context>
<context>
    <name>kith::ui::ChatPage</name>
    <message>
        <source>You are no longer a member. The history stays on this computer.</source>
        <translation>你已不是该群成员，聊天记录仍保存在这台电脑上。</translation>
    </message>
    <message>
        <source>Choose a conversation</source>
        <translation>选择一个会话</translation>
    </message>
    <message>
        <source>Ctrl+K finds one by its name, Ctrl+N starts a new one.</source>
        <translation>Ctrl+K 按名称查找会话，Ctrl+N 新建会话。</translation>
    </message>
    <message>
        <source>It is still quiet here</source>
        <translation>这里还很安静</translation>
    </message>
    <message>
        <source>What you and others write appears here. Ctrl+N begins.</source>
        <translation>你和他人的消息会显示在这里。按 Ctrl+N 开始。</translation>
    </message>
    <message>
        <source>The server no longer has these messages. They stay on this computer.</source>
        <translation>服务器上已没有这些消息，它们保留在这台电脑上。</translation>
    </message>
    <message>
        <source>You blocked this person. What was said stays here.</source>
        <translation>你已屏蔽此人。之前的消息仍保留在这里。</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>解除屏蔽</translation>
    </message>
    <message>
        <source>You are logged out. What is on this computer can be read, searched and exported.</source>
        <translation>你已退出登录。这台电脑上的内容仍可阅读、搜索和导出。</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
</context>
<context>
    <name>kith::ui::CodeField</name>
    <message>
        <source>Code</source>
        <translation>验证码</translation>
    </message>
    <message>
        <source>6 digits</source>
        <translation>6 位数字</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>恢复码</translation>
    </message>
</context>
<context>
    <name>kith::ui::CodePage</name>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>尝试次数过多。请在 %n 秒后重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>Type one of your recovery codes.</source>
        <translation>请输入一个恢复码。</translation>
    </message>
    <message>
        <source>The code has six digits.</source>
        <translation>验证码是六位数字。</translation>
    </message>
    <message>
        <source>Use a recovery code</source>
        <translation>使用恢复码</translation>
    </message>
    <message>
        <source>Enter the code</source>
        <translation>输入验证码</translation>
    </message>
    <message>
        <source>Each of them works once. You kept them when you turned the second factor on.</source>
        <translation>每个恢复码只能用一次。它们是你开启两步验证时保存的。</translation>
    </message>
    <message>
        <source>The authenticator app on your telephone shows it for %1.</source>
        <translation>手机上的身份验证器会显示 %1 的验证码。</translation>
    </message>
    <message>
        <source>Logging in…</source>
        <translation>正在登录…</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Use the authenticator</source>
        <translation>使用身份验证器</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>kith::ui::CodesDialog</name>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>打印…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copied. Whatever you copy next replaces it.</source>
        <translation>已复制。下次复制会覆盖它。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>They are shown only now: keep them first.</source>
        <translation>它们只显示这一次：请先保存好。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Saved in %1. Move it away from this computer.</source>
        <translation>已保存到 %1。请把它移到这台电脑之外。</translation>
    </message>
    <message>
        <source>Nothing was saved in %1: %2</source>
        <translation>未能保存到 %1：%2</translation>
    </message>
</context>
<context>
    <name>kith::ui::Composer</name>
    <message>
        <source>Write a message</source>
        <translation>输入消息</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>发送（Enter）</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Too long for one message: send it in parts.</source>
        <translation>内容超出单条消息的长度，请分几条发送。</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>取消（Esc）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Emoji (Ctrl+E)</source>
        <translation>表情 (Ctrl+E)</translation>
    </message>
    <message>
        <source>Emoji</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>Send (Ctrl+Enter)</source>
        <translation>发送（Ctrl+Enter）</translation>
    </message>
</context>
<context>
    <name>kith::ui::ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>kith::ui::ConversationHeader</name>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>You are no longer a member</source>
        <translation>你已不是该群成员</translation>
    </message>
    <message>
        <source>Kept on this computer; the server lost these messages</source>
        <translation>保留在这台电脑上；服务器已丢失这些消息</translation>
    </message>
    <message>
        <source>About the group</source>
        <translation>群资料</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>个人资料</translation>
    </message>
</context>
<context>
    <name>kith::ui::CropDialog</name>
    <message>
        <source>Choose a part of the picture</source>
        <translation>选取图片的一部分</translation>
    </message>
    <message>
        <source>Drag the picture to its place. What lies in the circle is shown.</source>
        <translation>拖动图片到合适的位置，圆圈里的部分会显示出来。</translation>
    </message>
    <message>
        <source>Size of the picture</source>
        <translation>图片大小</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>使用</translation>
    </message>
</context>
<context>
    <name>kith::ui::CropView</name>
    <message>
        <source>The part of the picture that is shown</source>
        <translation>图片中显示的部分</translation>
    </message>
    <message>
        <source>Arrow keys move the picture, plus and minus make it larger and smaller.</source>
        <translation>方向键移动图片，加号和减号放大或缩小。</translation>
    </message>
</context>
<context>
    <name>kith::ui::DayCell</name>
    <message>
        <source>not on this computer</source>
        <translation>不在这台电脑上</translation>
    </message>
    <message>
        <source>no messages</source>
        <translation>没有消息</translation>
    </message>
</context>
<context>
    <name>kith::ui::DayPicker</name>
    <message>
        <source>Nothing of this conversation is on this computer yet.</source>
        <translation>这个会话还没有任何内容保存在这台电脑上。</translation>
    </message>
    <message>
        <source>Of ringed days nothing is on this computer.</source>
        <translation>带圈的日期，消息都不在这台电脑上。</translation>
    </message>
    <message>
        <source>No messages in this month.</source>
        <translation>这个月没有消息。</translation>
    </message>
    <message>
        <source>MMMM yyyy</source>
        <extracomment>A month as the head of a calendar (Qt date format)</extracomment>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>Go to a day</source>
        <translation>跳到某一天</translation>
    </message>
    <message>
        <source>Earlier month with messages (Page up)</source>
        <translation>上一个有消息的月份 (Page Up)</translation>
    </message>
    <message>
        <source>Earlier month</source>
        <translation>更早的月份</translation>
    </message>
    <message>
        <source>Later month with messages (Page down)</source>
        <translation>下一个有消息的月份 (Page Down)</translation>
    </message>
    <message>
        <source>Later month</source>
        <translation>更晚的月份</translation>
    </message>
</context>
<context>
    <name>kith::ui::Desktop</name>
    <message numerus="yes">
        <source>%n new message(s)</source>
        <translation>
            <numerusform>%n 条新消息</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n conversation(s)</source>
        <translation>
            <numerusform>来自 %n 个会话</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>name (unread messages)</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 mentioned you: %2</source>
        <translation>%1 提到了你：%2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>sender: message</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>kith::ui::DownloadDialog</name>
    <message>
        <source>Download everything</source>
        <translation>下载全部消息</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会话列表</translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>What is here stays here.</source>
        <translation>已下载的内容会保留。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Looking at what is here…</source>
        <translation>正在查看已有的消息…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not on this computer</source>
        <translation>
            <numerusform>%Ln 条消息不在这台电脑上</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for what is lacking…</source>
        <translation>正在查找缺少的消息…</translation>
    </message>
    <message>
        <source>Downloading: %1</source>
        <translation>正在下载：%1</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>It goes on when you close this window, and after a restart.</source>
        <translation>关闭此窗口或重新启动后，下载仍会继续。</translation>
    </message>
    <message>
        <source>Waiting for the connection</source>
        <translation>正在等待连接</translation>
    </message>
    <message>
        <source>It goes on by itself when the server can be reached.</source>
        <translation>连上服务器后会自动继续。</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>What comes while you are away will be downloaded too.</source>
        <translation>你离开期间的新消息也会自动下载。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>All that can be had is on this computer</source>
        <translation>能取得的消息都在这台电脑上了</translation>
    </message>
    <message>
        <source>Everything is on this computer</source>
        <translation>全部消息都在这台电脑上了</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 of %2 messages · %3 of %4 conversations</source>
        <translation>消息 %1 / %2 · 会话 %3 / %4</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) cannot be had: the server gives them to members only, or does not have them any more.</source>
        <translation>
            <numerusform>有 %Ln 条消息无法取得：服务器只提供给成员，或者已不再保存。</numerusform>
        </translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>这台电脑上的内容</translation>
    </message>
    <message>
        <source>What is here can be read, searched and exported without a network, and after logging out too.</source>
        <translation>已在这里的消息无需网络即可阅读、搜索和导出，退出登录后也可以。</translation>
    </message>
    <message>
        <source>Forget older messages…</source>
        <translation>清除较早的消息…</translation>
    </message>
    <message>
        <source>The history takes %1 on the disk, of which %2 are empty and will be used again.</source>
        <translation>聊天记录占用磁盘 %1，其中 %2 为空闲，会被再次使用。</translation>
    </message>
    <message>
        <source>The history takes %1 on the disk.</source>
        <translation>聊天记录占用磁盘 %1。</translation>
    </message>
    <message>
        <source>%1 bytes. What a single conversation takes is an estimate: they share the file and its index.</source>
        <translation>%1 字节。单个会话的大小是估计值：它们共用一个文件和索引。</translation>
    </message>
    <message>
        <source>Download all of it, what was forgotten too</source>
        <translation>下载全部，包括已清除的</translation>
    </message>
    <message>
        <source>Download all of it</source>
        <translation>下载全部</translation>
    </message>
    <message>
        <source>All but what was forgotten is on this computer</source>
        <translation>除已清除的以外，全部都在这台电脑上</translation>
    </message>
</context>
<context>
    <name>kith::ui::DownloadModel</name>
    <message>
        <source>No messages yet</source>
        <translation>还没有消息</translation>
    </message>
    <message>
        <source>All here: %1</source>
        <translation>已全部下载：%1 条</translation>
    </message>
    <message>
        <source>%1 of %2 here</source>
        <translation>已有 %1 / %2 条</translation>
    </message>
    <message>
        <source>%1. You are no longer a member.</source>
        <translation>%1。你已不是成员。</translation>
    </message>
    <message>
        <source>%1. The server does not give the rest.</source>
        <translation>%1。其余的服务器不提供。</translation>
    </message>
    <message numerus="yes">
        <source>%n gap(s)</source>
        <translation>
            <numerusform>%n 处空缺</numerusform>
        </translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>约 %1</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>%1 forgotten</source>
        <translation>已清除 %1 条</translation>
    </message>
    <message>
        <source>%1 here</source>
        <translation>此处有 %1 条</translation>
    </message>
</context>
<context>
    <name>kith::ui::EmojiCompleter</name>
    <message>
        <source>Emoji</source>
        <translation>表情</translation>
    </message>
</context>
<context>
    <name>kith::ui::EmojiPicker</name>
    <message>
        <source>What you use appears here.</source>
        <translation>用过的表情会出现在这里。</translation>
    </message>
    <message>
        <source>No emoji is called so.</source>
        <translation>没有叫这个名字的表情。</translation>
    </message>
    <message>
        <source>Find an emoji</source>
        <translation>查找表情</translation>
    </message>
    <message>
        <source>Emoji</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>Used last</source>
        <translation>最近使用</translation>
    </message>
    <message>
        <source>Smileys</source>
        <translation>笑脸</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Animals and nature</source>
        <translation>动物与自然</translation>
    </message>
    <message>
        <source>Food and drink</source>
        <translation>食物与饮料</translation>
    </message>
    <message>
        <source>Travel and places</source>
        <translation>旅行与地点</translation>
    </message>
    <message>
        <source>Activities</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Symbols</source>
        <translation>符号</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>旗帜</translation>
    </message>
</context>
<context>
    <name>kith::ui::EnrolDialog</name>
    <message>
        <source>Turn on the second factor</source>
        <translation>开启两步验证</translation>
    </message>
    <message>
        <source>1. Scan this with an authenticator app on your telephone.</source>
        <translation>1. 用手机上的身份验证器应用扫描。</translation>
    </message>
    <message>
        <source>QR code with the secret</source>
        <translation>包含密钥的二维码</translation>
    </message>
    <message>
        <source>If you cannot scan it, type this secret into the app:</source>
        <translation>无法扫描时，请在应用中输入此密钥：</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>2. Type the code that the app shows now.</source>
        <translation>2. 输入应用现在显示的验证码。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation>开启</translation>
    </message>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>尝试次数过多。请在 %n 秒后重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>The code has six digits.</source>
        <translation>验证码是六位数字。</translation>
    </message>
</context>
<context>
    <name>kith::ui::ExportController</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
</context>
<context>
    <name>kith::ui::ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>HTML: to read and to print, in any browser</source>
        <translation>HTML：可在任何浏览器中阅读和打印</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>For programs: everything that is known of each message</source>
        <translation>供程序使用：包含每条消息的全部信息</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>Everything on this computer</source>
        <translation>这台电脑上的全部消息</translation>
    </message>
    <message>
        <source>Some days</source>
        <translation>指定日期</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>开始日期</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>结束日期</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>The file is not encrypted. Other users of this computer cannot read it.</source>
        <translation>文件未加密。这台电脑的其他用户无法读取它。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1 of %2 messages</source>
        <translation>%1 / %2 条消息</translation>
    </message>
    <message>
        <source>Looking at what is here…</source>
        <translation>正在查看已有的消息…</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are in the file</source>
        <translation>
            <numerusform>文件中有 %Ln 条消息</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) that are not sent stand at its end.</source>
        <translation>
            <numerusform>未发送的 %Ln 条消息在文件末尾。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not on this computer; the file says where they are missing.</source>
        <translation>
            <numerusform>有 %Ln 条消息不在这台电脑上；文件中标明了缺失的位置。</numerusform>
        </translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>替换</translation>
    </message>
</context>
<context>
    <name>kith::ui::Field</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
</context>
<context>
    <name>kith::ui::FindPanel</name>
    <message>
        <source>There is no filter “%1:”. To find these words, put them in quotes.</source>
        <translation>没有“%1:”这个筛选条件。要查找这些字，请加上引号。</translation>
    </message>
    <message>
        <source>Write what “%1:” is to be, without a space.</source>
        <translation>请在“%1:”后面直接写上内容，不要空格。</translation>
    </message>
    <message>
        <source>Nobody here is called “%1”.</source>
        <translation>这里没有人叫“%1”。</translation>
    </message>
    <message>
        <source>No conversation is called “%1”.</source>
        <translation>没有叫“%1”的会话。</translation>
    </message>
    <message>
        <source>“%1” is no day. Write 2024-05-31, 2024-05, 2024, today or yesterday.</source>
        <translation>“%1”不是日期。请写 2024-05-31、2024-05、2024、今天或昨天。</translation>
    </message>
    <message>
        <source>“has:” knows links only: has:link.</source>
        <translation>“has:”只认识链接：has:link。</translation>
    </message>
    <message>
        <source>Back to the conversations (Esc)</source>
        <translation>返回会话列表（Esc）</translation>
    </message>
    <message>
        <source>Back to the conversations</source>
        <translation>返回会话列表</translation>
    </message>
    <message>
        <source>Search messages</source>
        <translation>搜索消息</translation>
    </message>
    <message>
        <source>Words, &quot;words side by side&quot;, from:name in:name before:2024-05-31 after:yesterday has:link</source>
        <translation>词语、&quot;相连的词语&quot;、来自:姓名 会话:名称 早于:2024-05-31 晚于:昨天 包含:链接</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>此会话</translation>
    </message>
    <message>
        <source>In this conversation (Ctrl+F)</source>
        <translation>在此会话中（Ctrl+F）</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>In all conversations (Ctrl+Shift+F)</source>
        <translation>在所有会话中（Ctrl+Shift+F）</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Download everything…</source>
        <translation>下载全部消息…</translation>
    </message>
    <message>
        <source>No message is on this computer yet.</source>
        <translation>这台电脑上还没有消息。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) searched, back to %1.</source>
        <translation>
            <numerusform>已搜索 %Ln 条消息，最早到 %1。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not on this computer (%1).</source>
        <translation>
            <numerusform>%Ln 条消息不在这台电脑上（%1）。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln gap(s)</source>
        <translation>
            <numerusform>%Ln 处空缺</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are not to be had any more.</source>
        <translation>
            <numerusform>%Ln 条消息已无法取得。</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is missing.</source>
        <translation>没有缺失。</translation>
    </message>
    <message>
        <source>Search your messages</source>
        <translation>搜索你的消息</translation>
    </message>
    <message>
        <source>Words find messages that have them all. Narrow it down with from:name, in:name, before:2024-05-31, after:yesterday, has:link.</source>
        <translation>查找包含全部词语的消息。可用 来自:姓名、会话:名称、早于:2024-05-31、晚于:昨天、包含:链接 缩小范围。</translation>
    </message>
    <message>
        <source>The search did not work</source>
        <translation>搜索没有成功</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Download the rest…</source>
        <translation>下载其余消息…</translation>
    </message>
    <message>
        <source>Write a word or a filter to look for.</source>
        <translation>请输入要查找的词语或筛选条件。</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
</context>
<context>
    <name>kith::ui::ForgetDialog</name>
    <message>
        <source>Forget older messages</source>
        <translation>清除较早的消息</translation>
    </message>
    <message>
        <source>They are deleted from this computer, and from its search. On the server and for the others they stay, and they come back only when you ask for them. Drafts and what is not sent yet stay here.</source>
        <translation>这些消息会从这台电脑及其搜索中删除。服务器上和其他人那里仍然保留，只有你要求时才会重新下载。草稿和尚未发送的消息会留在这里。</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>All conversations</source>
        <translation>所有会话</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Older than a year</source>
        <translation>一年以前的</translation>
    </message>
    <message numerus="yes">
        <source>Older than %n day(s)</source>
        <translation>
            <numerusform>%n 天以前的</numerusform>
        </translation>
    </message>
    <message>
        <source>Before a day</source>
        <translation>某一天之前的</translation>
    </message>
    <message>
        <source>The first day that stays</source>
        <translation>保留的第一天</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>清除</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s)</source>
        <translation>
            <numerusform>%Ln 条消息</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking at what is here…</source>
        <translation>正在查看本机的内容…</translation>
    </message>
    <message>
        <source>Nothing here is that old.</source>
        <translation>这里没有这么早的消息。</translation>
    </message>
    <message>
        <source>%1 of %2 will be deleted from this computer.</source>
        <translation>将从这台电脑删除 %2中的 %1。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln conversation(s)</source>
        <translation>
            <numerusform>%Ln 个会话</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 will be deleted from this computer.</source>
        <translation>将从这台电脑删除 %1。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them cannot be downloaded again: you are no longer a member there, or the server does not have them any more.</source>
        <translation>
            <numerusform>其中 %Ln 条无法再次下载：你已不是该群成员，或服务器上已没有这些消息。</numerusform>
        </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Deleting…</source>
        <translation>正在删除…</translation>
    </message>
    <message>
        <source>Deleting: %1 of %2</source>
        <translation>正在删除：%1 / %2</translation>
    </message>
    <message>
        <source>Cleaning the search index…</source>
        <translation>正在清理搜索索引…</translation>
    </message>
    <message>
        <source>Giving the space back…</source>
        <translation>正在释放空间…</translation>
    </message>
    <message>
        <source>It goes on when you close this window, and after a restart.</source>
        <translation>关闭此窗口或重新启动后会继续进行。</translation>
    </message>
    <message>
        <source>The history takes %1 less on the disk.</source>
        <translation>聊天记录占用的磁盘空间减少了 %1。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s) are gone from this computer</source>
        <translation>
            <numerusform>已从这台电脑清除 %Ln 条消息</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::GroupDialog</name>
    <message>
        <source>Name and description</source>
        <translation>名称与简介</translation>
    </message>
    <message>
        <source>Name of the group</source>
        <translation>群名称</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>简介</translation>
    </message>
    <message>
        <source>What the group is for. All members see it.</source>
        <translation>说明这个群的用途。所有成员都能看到。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>%1 of %2 characters</source>
        <translation>%1 / %2 个字符</translation>
    </message>
    <message numerus="yes">
        <source>At most %n character(s).</source>
        <translation>
            <numerusform>最多 %n 个字符。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kith::ui::HitDelegate</name>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
</context>
<context>
    <name>kith::ui::InspectorWindow</name>
    <message>
        <source>Wire inspector</source>
        <translation>通信检查器</translation>
    </message>
    <message>
        <source>Filter by text</source>
        <translation>按文字筛选</translation>
    </message>
    <message>
        <source>Filter by op</source>
        <translation>按操作筛选</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Copy JSON</source>
        <translation>复制 JSON</translation>
    </message>
    <message>
        <source>Copy kith-cli line</source>
        <translation>复制 kith-cli 命令</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>数据帧</translation>
    </message>
    <message>
        <source>The chosen frame</source>
        <translation>选中的数据帧</translation>
    </message>
    <message>
        <source>Changes of the connection</source>
        <translation>连接变化</translation>
    </message>
    <message>
        <source>Network:</source>
        <translation>网络：</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Slow (0.3 s each way)</source>
        <translation>慢速（单程 0.3 秒）</translation>
    </message>
    <message>
        <source>Very slow (2 s each way)</source>
        <translation>极慢（单程 2 秒）</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Cut now</source>
        <translation>立即断开</translation>
    </message>
    <message>
        <source>Breaks the connection without a word to the server.</source>
        <translation>直接断开连接，不通知服务器。</translation>
    </message>
    <message>
        <source>Export report…</source>
        <translation>导出报告…</translation>
    </message>
    <message>
        <source>Versions, holes, connection, frames and log, without texts, names and secrets.</source>
        <translation>版本、缺口、连接、数据帧和日志，不含文字内容、名称和机密。</translation>
    </message>
    <message>
        <source>Choose a frame to read it.</source>
        <translation>选择一个数据帧查看内容。</translation>
    </message>
    <message>
        <source>Sent at %1, %2 bytes</source>
        <translation>发送于 %1，%2 字节</translation>
    </message>
    <message>
        <source>Received at %1, %2 bytes</source>
        <translation>接收于 %1，%2 字节</translation>
    </message>
    <message>
        <source>HTTPS call, answered at %1</source>
        <translation>HTTPS 请求，应答于 %1</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 字节</translation>
    </message>
    <message>
        <source>What it carries is not recorded: it may be a password or a token.</source>
        <translation>其内容不作记录：可能是密码或令牌。</translation>
    </message>
    <message>
        <source>%1 bytes more; Copy JSON gives all.</source>
        <translation>还有 %1 字节；“复制 JSON”可得到全部内容。</translation>
    </message>
    <message>
        <source>All ops</source>
        <translation>所有操作</translation>
    </message>
    <message numerus="yes">
        <source>%Ln frame(s)</source>
        <translation>
            <numerusform>%Ln 个数据帧</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 frames</source>
        <translation>%2 个数据帧中的 %1 个</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Export report</source>
        <translation>导出报告</translation>
    </message>
    <message>
        <source>Writing the report…</source>
        <translation>正在写入报告…</translation>
    </message>
    <message>
        <source>Report written: %1</source>
        <translation>报告已写入：%1</translation>
    </message>
    <message>
        <source>The report cannot be written: %1</source>
        <translation>无法写入报告：%1</translation>
    </message>
</context>
<context>
    <name>kith::ui::LoginPage</name>
    <message>
        <source>This name is taken. Choose another one.</source>
        <translation>该用户名已被使用，请换一个。</translation>
    </message>
    <message>
        <source>3 to 32 of the letters a–z, digits, and _ . -</source>
        <translation>3 到 32 个字符，可用小写字母、数字和 _ . -</translation>
    </message>
    <message>
        <source>Too easy to guess, or shorter than 8 characters. Choose another one.</source>
        <translation>密码太容易猜到，或少于 8 个字符，请换一个。</translation>
    </message>
    <message>
        <source>Welcome to Kith</source>
        <translation>欢迎使用 Kith</translation>
    </message>
    <message>
        <source>Your history is kept here, encrypted.</source>
        <translation>聊天记录加密保存在这台电脑上。</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Create account</source>
        <translation>注册账号</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>chat.example.org</source>
        <translation>chat.example.org</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>昵称</translation>
    </message>
    <message>
        <source>As others see it</source>
        <translation>别人看到的名字</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>At least 8 characters</source>
        <translation>至少 8 个字符</translation>
    </message>
    <message>
        <source>Creating the account…</source>
        <translation>正在注册…</translation>
    </message>
    <message>
        <source>Logging in…</source>
        <translation>正在登录…</translation>
    </message>
    <message>
        <source>Type the address of a server, such as chat.example.org.</source>
        <translation>请输入服务器地址，例如 chat.example.org。</translation>
    </message>
    <message>
        <source>Type your user name.</source>
        <translation>请输入用户名。</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>请输入密码。</translation>
    </message>
    <message>
        <source>At least 8 characters.</source>
        <translation>至少 8 个字符。</translation>
    </message>
    <message numerus="yes">
        <source>Too many attempts. Try again in %n second(s).</source>
        <translation>
            <numerusform>尝试次数过多。请在 %n 秒后重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>Settings and proxy…</source>
        <translation>设置与代理…</translation>
    </message>
    <message>
        <source>Read the history of %1 without logging in</source>
        <translation>不登录，直接阅读 %1 的历史记录</translation>
    </message>
</context>
<context>
    <name>kith::ui::MainWindow</name>
    <message>
        <source>Logged in as %1</source>
        <translation>已登录：%1</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Security…</source>
        <translation>安全…</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>With name and text</source>
        <translation>显示姓名和内容</translation>
    </message>
    <message>
        <source>Without name and text</source>
        <translation>不显示姓名和内容</translation>
    </message>
    <message>
        <source>None</source>
        <translation>不通知</translation>
    </message>
    <message>
        <source>Icon in the tray</source>
        <translation>在托盘中显示图标</translation>
    </message>
    <message>
        <source>Closing the window keeps Kith in the tray</source>
        <translation>关闭窗口后 Kith 留在托盘中</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Wire inspector</source>
        <translation>通信检查器</translation>
    </message>
    <message>
        <source>On this computer (%1 %)…</source>
        <translation>这台电脑上的内容（%1%）…</translation>
    </message>
    <message>
        <source>On this computer…</source>
        <translation>这台电脑上的内容…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Main profile</source>
        <translation>主配置</translation>
    </message>
    <message>
        <source>That profile&apos;s window cannot be started.</source>
        <translation>无法启动该配置的窗口。</translation>
    </message>
    <message>
        <source>Add an account…</source>
        <translation>添加账号…</translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation>添加账号</translation>
    </message>
    <message>
        <source>Name of its profile</source>
        <translation>配置名称</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Each account has a profile of its own: its window, its history and its key. This name is that of a folder and is seen without unlocking anything; it need not say whose account it is.</source>
        <translation>每个账号都有自己的配置：自己的窗口、聊天记录和密钥。此名称就是文件夹的名称，无需解锁即可看到；不必写明是谁的账号。</translation>
    </message>
    <message>
        <source>A folder cannot be called that.</source>
        <translation>文件夹不能用这个名称。</translation>
    </message>
    <message>
        <source>There is a profile of that name.</source>
        <translation>已有同名的配置。</translation>
    </message>
    <message>
        <source>Logged out: the history of %1</source>
        <translation>已退出登录：%1 的历史记录</translation>
    </message>
    <message>
        <source>Go to a conversation…</source>
        <translation>转到会话…</translation>
    </message>
    <message>
        <source>New conversation…</source>
        <translation>新建会话…</translation>
    </message>
    <message>
        <source>Start in the tray</source>
        <translation>启动后只显示托盘图标</translation>
    </message>
    <message>
        <source>Log in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Log out…</source>
        <translation>退出登录…</translation>
    </message>
    <message>
        <source>Log out?</source>
        <translation>退出登录？</translation>
    </message>
    <message>
        <source>Your history stays on this computer, encrypted. It can be read, searched and exported without logging in.</source>
        <translation>历史记录会加密保留在这台电脑上，不登录也可以阅读、搜索和导出。</translation>
    </message>
    <message>
        <source>Delete the history on this computer too</source>
        <translation>同时删除这台电脑上的历史记录</translation>
    </message>
    <message>
        <source>Every message, draft and unsent message on this computer is deleted. Only what the server still has can be read again after the next login.</source>
        <translation>这台电脑上的所有消息、草稿和未发送的消息都会被删除。下次登录后，只能读到服务器上仍有的内容。</translation>
    </message>
</context>
<context>
    <name>kith::ui::MembersDialog</name>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Add people</source>
        <translation>添加成员</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>you</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Edit name and description</source>
        <translation>编辑名称与简介</translation>
    </message>
    <message>
        <source>Find a member</source>
        <translation>查找成员</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Manage</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>个人资料</translation>
    </message>
    <message>
        <source>Make an admin</source>
        <translation>设为管理员</translation>
    </message>
    <message>
        <source>No longer an admin</source>
        <translation>取消管理员</translation>
    </message>
    <message>
        <source>Hand the group over…</source>
        <translation>转让群主…</translation>
    </message>
    <message>
        <source>%1 will own the group and you will be an admin. Only %1 can undo this.</source>
        <translation>%1 将成为群主，你将成为管理员。只有 %1 能撤回。</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>转让</translation>
    </message>
    <message>
        <source>Remove from the group…</source>
        <translation>移出群聊…</translation>
    </message>
    <message>
        <source>%1 will no longer read what is written here.</source>
        <translation>%1 将不能再阅读这里的消息。</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在查找…</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>找到 %n 人</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 loaded</source>
        <translation>已载入 %1 / %2</translation>
    </message>
    <message>
        <source>Nobody yet</source>
        <translation>尚未找到</translation>
    </message>
    <message>
        <source>Nobody found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>More members are on their way.</source>
        <translation>其余成员正在载入。</translation>
    </message>
    <message>
        <source>Nobody here has a name like that.</source>
        <translation>这里没有人叫这个名字。</translation>
    </message>
</context>
<context>
    <name>kith::ui::MentionCompleter</name>
    <message>
        <source>People to mention</source>
        <translation>可以提及的人</translation>
    </message>
</context>
<context>
    <name>kith::ui::NewChatDialog</name>
    <message>
        <source>New conversation</source>
        <translation>新建会话</translation>
    </message>
    <message>
        <source>Add people</source>
        <translation>添加成员</translation>
    </message>
    <message>
        <source>Name or user name</source>
        <translation>昵称或用户名</translation>
    </message>
    <message>
        <source>Find people</source>
        <translation>查找用户</translation>
    </message>
    <message>
        <source>People</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Name of the group</source>
        <translation>群组名称</translation>
    </message>
    <message>
        <source>Weekend hikes</source>
        <translation>周末徒步</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Chosen: %1</source>
        <translation>已选择：%1</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between names</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Whom do you look for?</source>
        <translation>想找谁聊天？</translation>
    </message>
    <message>
        <source>Choose one person to talk, or several for a group.</source>
        <translation>选一个人开始私聊，选几个人建立群组。</translation>
    </message>
    <message>
        <source>Type a part of their name.</source>
        <translation>输入名字的一部分。</translation>
    </message>
    <message>
        <source>Nobody found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Check the spelling, or ask them for their user name.</source>
        <translation>检查拼写，或向对方询问用户名。</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Create group</source>
        <translation>创建群组</translation>
    </message>
    <message>
        <source>Start talking</source>
        <translation>开始聊天</translation>
    </message>
</context>
<context>
    <name>kith::ui::PersonDelegate</name>
    <message>
        <source>chosen</source>
        <translation>已选择</translation>
    </message>
</context>
<context>
    <name>kith::ui::PictureEditor</name>
    <message>
        <source>Change picture…</source>
        <translation>更换头像…</translation>
    </message>
    <message>
        <source>Remove picture</source>
        <translation>移除头像</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Sending the picture…</source>
        <translation>正在发送图片…</translation>
    </message>
    <message>
        <source>Choose a picture…</source>
        <translation>选择头像…</translation>
    </message>
    <message>
        <source>The picture was not changed. %1</source>
        <translation>头像没有更改。%1</translation>
    </message>
    <message>
        <source>There is no picture in the clipboard.</source>
        <translation>剪贴板里没有图片。</translation>
    </message>
</context>
<context>
    <name>kith::ui::PictureFlow</name>
    <message>
        <source>Choose a picture</source>
        <translation>选择图片</translation>
    </message>
    <message>
        <source>Pictures (%1)</source>
        <translation>图片 (%1)</translation>
    </message>
    <message>
        <source>That file cannot be read.</source>
        <translation>无法读取这个文件。</translation>
    </message>
    <message>
        <source>That file is no picture that can be read here.</source>
        <translation>这个文件不是可以读取的图片。</translation>
    </message>
    <message>
        <source>That picture is too large to be opened here.</source>
        <translation>这张图片太大，无法打开。</translation>
    </message>
</context>
<context>
    <name>kith::ui::ProfileCard</name>
    <message>
        <source>Your profile</source>
        <translation>我的资料</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>个人资料</translation>
    </message>
    <message>
        <source>You blocked this person: they cannot write to you or invite you, and you get no notifications of what they write in groups.</source>
        <translation>你已屏蔽此人：对方不能给你发消息或邀请你，其在群里的发言也不会通知你。</translation>
    </message>
    <message>
        <source>Copy user name</source>
        <translation>复制用户名</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>发消息</translation>
    </message>
    <message>
        <source>Search messages</source>
        <translation>搜索消息</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>Really block?</source>
        <translation>确定屏蔽？</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>解除屏蔽</translation>
    </message>
    <message>
        <source>Your name, as others see it</source>
        <translation>别人看到的名字</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Groups that you share</source>
        <translation>共同的群</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>At most %n character(s).</source>
        <translation>
            <numerusform>最多 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消免打扰</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>免打扰</translation>
    </message>
    <message>
        <source>You have no conversation with each other yet.</source>
        <translation>你们之间还没有会话。</translation>
    </message>
</context>
<context>
    <name>kith::ui::ReceiptsDialog</name>
    <message>
        <source>Read</source>
        <translation>已读</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>已收到</translation>
    </message>
    <message>
        <source>Who has read it</source>
        <translation>谁读过了</translation>
    </message>
    <message>
        <source>Asking the server…</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>Read by %n</source>
        <translation>
            <numerusform>%n 人已读</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>received by %n</source>
        <translation>
            <numerusform>%n 人已收到</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody has received it yet</source>
        <translation>还没有人收到</translation>
    </message>
</context>
<context>
    <name>kith::ui::SecretsDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>This is not your password.</source>
        <translation>这不是你的密码。</translation>
    </message>
    <message>
        <source>Too easy to guess, or shorter than 8 characters. Choose another one.</source>
        <translation>太容易猜到，或少于 8 个字符。请换一个。</translation>
    </message>
    <message>
        <source>This is missing.</source>
        <translation>请填写此项。</translation>
    </message>
    <message numerus="yes">
        <source>At least %n character(s).</source>
        <translation>
            <numerusform>至少 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>This is not the same.</source>
        <translation>两次输入不一致。</translation>
    </message>
</context>
<context>
    <name>kith::ui::SecurityController</name>
    <message>
        <source>The device was logged out.</source>
        <translation>该设备已退出登录。</translation>
    </message>
    <message>
        <source>The passphrase was removed.</source>
        <translation>密码短语已移除。</translation>
    </message>
    <message>
        <source>The keyring keeps the key from now on.</source>
        <translation>从现在起由密钥环保存密钥。</translation>
    </message>
    <message>
        <source>The key was taken out of the keyring.</source>
        <translation>密钥已从密钥环中取出。</translation>
    </message>
    <message>
        <source>The second factor is on. The next login asks for a code.</source>
        <translation>两步验证已开启。下次登录时会要求验证码。</translation>
    </message>
    <message>
        <source>Keep these recovery codes</source>
        <translation>请保存这些恢复码</translation>
    </message>
    <message>
        <source>Without your telephone, each of them lets you in once. Keep them where neither a thief nor a broken disk finds them.</source>
        <translation>没有手机时，每个恢复码可以登录一次。请放在小偷找不到、硬盘坏了也不会丢的地方。</translation>
    </message>
    <message>
        <source>I have kept them</source>
        <translation>我已保存好</translation>
    </message>
    <message>
        <source>Turn off the second factor</source>
        <translation>关闭两步验证</translation>
    </message>
    <message>
        <source>New recovery codes</source>
        <translation>新的恢复码</translation>
    </message>
    <message>
        <source>From then on the password alone opens your account.</source>
        <translation>之后仅凭密码就能登录你的账号。</translation>
    </message>
    <message>
        <source>The old ones stop working.</source>
        <translation>旧的恢复码将失效。</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Make new ones</source>
        <translation>生成新的</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Code, or a recovery code</source>
        <translation>验证码或恢复码</translation>
    </message>
    <message>
        <source>6 digits</source>
        <translation>6 位数字</translation>
    </message>
    <message>
        <source>The second factor is off.</source>
        <translation>两步验证已关闭。</translation>
    </message>
    <message>
        <source>Change the password</source>
        <translation>修改密码</translation>
    </message>
    <message>
        <source>All other devices are logged out.</source>
        <translation>其他所有设备都会退出登录。</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Old password</source>
        <translation>旧密码</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>At least 8 characters</source>
        <translation>至少 8 个字符</translation>
    </message>
    <message>
        <source>New password, once more</source>
        <translation>再次输入新密码</translation>
    </message>
    <message>
        <source>The password was changed; all other devices are logged out.</source>
        <translation>密码已修改；其他所有设备已退出登录。</translation>
    </message>
    <message>
        <source>Passphrase for this history</source>
        <translation>此历史记录的密码短语</translation>
    </message>
    <message>
        <source>It opens the history on this computer. Nobody can restore it: make a recovery key too.</source>
        <translation>它用来打开这台电脑上的历史记录。没有人能找回它：请同时生成恢复密钥。</translation>
    </message>
    <message>
        <source>Set passphrase</source>
        <translation>设置密码短语</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Passphrase, once more</source>
        <translation>再次输入密码短语</translation>
    </message>
    <message>
        <source>The passphrase is set.</source>
        <translation>密码短语已设置。</translation>
    </message>
    <message>
        <source>Keep this recovery key</source>
        <translation>请保存此恢复密钥</translation>
    </message>
    <message>
        <source>Type it in place of the passphrase, and this history opens. It belongs on paper, away from this computer.</source>
        <translation>在密码短语处输入它，就能打开历史记录。请写在纸上，不要放在这台电脑里。</translation>
    </message>
    <message>
        <source>I have kept it</source>
        <translation>我已保存好</translation>
    </message>
</context>
<context>
    <name>kith::ui::SecurityDialog</name>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>What happened lately</source>
        <translation>最近的活动</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Second factor</source>
        <translation>两步验证</translation>
    </message>
    <message>
        <source>Asking the server…</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>New recovery codes…</source>
        <translation>新的恢复码…</translation>
    </message>
    <message>
        <source>Turn off…</source>
        <translation>关闭…</translation>
    </message>
    <message>
        <source>Turn on…</source>
        <translation>开启…</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Changing it logs out all other devices.</source>
        <translation>修改后其他所有设备都会退出登录。</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>修改…</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Stop using it</source>
        <translation>停止使用</translation>
    </message>
    <message>
        <source>Really?</source>
        <translation>确定吗？</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Really remove?</source>
        <translation>确定移除？</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Closes the history and drops its key from memory. Ctrl+L locks at once.</source>
        <translation>关闭历史记录并从内存中清除密钥。按 Ctrl+L 立即锁定。</translation>
    </message>
    <message>
        <source>Not by itself</source>
        <translation>不自动锁定</translation>
    </message>
    <message numerus="yes">
        <source>After %n minute(s)</source>
        <translation>
            <numerusform>%n 分钟后</numerusform>
        </translation>
    </message>
    <message>
        <source>Lock when nothing was typed or clicked</source>
        <translation>无操作时锁定</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>立即锁定</translation>
    </message>
    <message>
        <source>Lock at sleep</source>
        <translation>睡眠时锁定</translation>
    </message>
    <message>
        <source>Before the computer goes to sleep.</source>
        <translation>在电脑进入睡眠之前。</translation>
    </message>
    <message numerus="yes">
        <source>On since %1. %n recovery code(s) left.</source>
        <translation>
            <numerusform>自 %1 起已开启。还剩 %n 个恢复码。</numerusform>
        </translation>
    </message>
    <message>
        <source>Off. A code from your telephone makes the account hard to take, even for somebody who knows the password.</source>
        <translation>未开启。有了手机上的验证码，即使别人知道密码也很难盗用你的账号。</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>这台设备</translation>
    </message>
    <message>
        <source>seen: %1</source>
        <translation>最近使用：%1</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Really log out?</source>
        <translation>确定退出？</translation>
    </message>
    <message>
        <source>Log out %1</source>
        <translation>退出 %1</translation>
    </message>
    <message>
        <source>Something looks strange? End all sessions, then change the password.</source>
        <translation>发现异常？请退出所有会话，然后修改密码。</translation>
    </message>
    <message>
        <source>Log out everywhere</source>
        <translation>在所有设备上退出</translation>
    </message>
    <message>
        <source>Really everywhere?</source>
        <translation>确定全部退出？</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>暂无记录。</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>密钥文件</translation>
    </message>
    <message>
        <source>A file holds the key of this history. Whoever has it can read it.</source>
        <translation>一个文件保存着历史记录的密钥。拿到它的人就能读取历史记录。</translation>
    </message>
    <message>
        <source>System keyring</source>
        <translation>系统密钥环</translation>
    </message>
    <message>
        <source>Opens the history when you are logged in here.</source>
        <translation>你登录这台电脑后即可打开历史记录。</translation>
    </message>
    <message>
        <source>Not used.</source>
        <translation>未使用。</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Opens the history, and unlocks Kith.</source>
        <translation>用来打开历史记录和解锁 Kith。</translation>
    </message>
    <message>
        <source>None. With one, a locked Kith opens only for you.</source>
        <translation>未设置。设置后，锁定的 Kith 只有你能打开。</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation>恢复密钥</translation>
    </message>
    <message>
        <source>Printed or saved. It opens the history if all else is lost.</source>
        <translation>已打印或保存。其他方式都失效时，它能打开历史记录。</translation>
    </message>
    <message>
        <source>None. Print one: it opens the history if all else is lost.</source>
        <translation>未生成。请打印一个：其他方式都失效时，它能打开历史记录。</translation>
    </message>
    <message>
        <source>Replace…</source>
        <translation>更换…</translation>
    </message>
    <message>
        <source>Make one…</source>
        <translation>生成…</translation>
    </message>
</context>
<context>
    <name>kith::ui::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Reading and writing</source>
        <translation>阅读与书写</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Also with Ctrl++ and Ctrl+−; Ctrl+0 is the system&apos;s size.</source>
        <translation>也可用 Ctrl++ 和 Ctrl+− 调整；Ctrl+0 恢复系统大小。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Send with</source>
        <translation>发送键</translation>
    </message>
    <message>
        <source>The other key begins a new line; Shift+Enter always does.</source>
        <translation>另一个键用于换行；Shift+Enter 始终换行。</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>For everything that goes to the server.</source>
        <translation>用于与服务器的所有通信。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>None</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>If it asks for one</source>
        <translation>如果需要</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Kept encrypted, with the history.</source>
        <translation>与聊天记录一起加密保存。</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Its name or number is needed.</source>
        <translation>请填写其名称或 IP 地址。</translation>
    </message>
    <message>
        <source>1 to 65535</source>
        <translation>1 到 65535</translation>
    </message>
    <message>
        <source>Used from now on.</source>
        <translation>已开始使用。</translation>
    </message>
</context>
<context>
    <name>kith::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Go to a conversation</source>
        <translation>转到会话</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新建会话</translation>
    </message>
    <message>
        <source>Previous, next conversation</source>
        <translation>上一个、下一个会话</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>书写</translation>
    </message>
    <message>
        <source>Send, new line</source>
        <translation>发送、换行</translation>
    </message>
    <message>
        <source>Edit your last message</source>
        <translation>编辑你的上一条消息</translation>
    </message>
    <message>
        <source>Emoji; :name while writing</source>
        <translation>表情；书写时也可输入 :名称</translation>
    </message>
    <message>
        <source>Mention a member</source>
        <translation>提及群成员</translation>
    </message>
    <message>
        <source>Undo, redo</source>
        <translation>撤销、重做</translation>
    </message>
    <message>
        <source>Cancel a reply or an edit</source>
        <translation>取消回复或编辑</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Search here, everywhere</source>
        <translation>在此会话、全部会话中搜索</translation>
    </message>
    <message>
        <source>Next, previous hit</source>
        <translation>下一个、上一个结果</translation>
    </message>
    <message>
        <source>Go to a day</source>
        <translation>跳到某一天</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>阅读</translation>
    </message>
    <message>
        <source>To the newest message</source>
        <translation>回到最新消息</translation>
    </message>
    <message>
        <source>Scroll the messages</source>
        <translation>滚动消息</translation>
    </message>
    <message>
        <source>To the first, the newest message</source>
        <translation>到最早、最新的消息</translation>
    </message>
    <message>
        <source>Back to the reply</source>
        <translation>回到回复处</translation>
    </message>
    <message>
        <source>What can be done with a message</source>
        <translation>可以对消息做的操作</translation>
    </message>
    <message>
        <source>Copy what is selected</source>
        <translation>复制所选内容</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Next, previous control</source>
        <translation>下一个、上一个控件</translation>
    </message>
    <message>
        <source>Larger, smaller text, the system&apos;s size</source>
        <translation>放大、缩小文字，恢复系统大小</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Wire inspector</source>
        <translation>通信检查器</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>This list</source>
        <translation>显示此列表</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Previous, next message; Enter opens its menu</source>
        <translation>上一条、下一条消息；按 Enter 打开其菜单</translation>
    </message>
</context>
<context>
    <name>kith::ui::Sidebar</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>New conversation (Ctrl+N)</source>
        <translation>新建会话（Ctrl+N）</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新建会话</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>Find a conversation</source>
        <translation>查找会话</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会话列表</translation>
    </message>
    <message>
        <source>No conversations yet</source>
        <translation>还没有会话</translation>
    </message>
    <message>
        <source>Find somebody by name and say hello.</source>
        <translation>按名字找个人，打声招呼吧。</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>No conversation has this name.</source>
        <translation>没有这个名称的会话。</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>未读</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>群组</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>All is read</source>
        <translation>都读完了</translation>
    </message>
    <message>
        <source>What is new will be here.</source>
        <translation>有新消息时会出现在这里。</translation>
    </message>
    <message>
        <source>No groups yet</source>
        <translation>还没有群组</translation>
    </message>
    <message>
        <source>A new conversation with several people is a group.</source>
        <translation>与多人新建会话即为群组。</translation>
    </message>
    <message>
        <source>All is archived</source>
        <translation>全部已归档</translation>
    </message>
    <message>
        <source>What gets something new comes back.</source>
        <translation>有新消息的会话会回到列表。</translation>
    </message>
</context>
<context>
    <name>kith::ui::SimulationStrip</name>
    <message>
        <source>Switch off</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Test: the network is simulated as offline.</source>
        <translation>测试：正在模拟断网。</translation>
    </message>
    <message>
        <source>Test: the network is simulated as slow, %1 s each way.</source>
        <translation>测试：正在模拟慢速网络，单程 %1 秒。</translation>
    </message>
</context>
<context>
    <name>kith::ui::SpellMarks</name>
    <message>
        <source>Looking for better words…</source>
        <translation>正在查找建议…</translation>
    </message>
    <message>
        <source>Add “%1” to the dictionary</source>
        <translation>将“%1”加入词典</translation>
    </message>
    <message>
        <source>No better word is known</source>
        <translation>没有建议</translation>
    </message>
    <message>
        <source>Spelling</source>
        <translation>拼写检查</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Automatic: %1</source>
        <translation>自动：%1</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
</context>
<context>
    <name>kith::ui::Switcher</name>
    <message>
        <source>Go to a person or group</source>
        <translation>转到联系人或群组</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>会话列表</translation>
    </message>
    <message>
        <source>Nobody here is called so. Ctrl+N looks on the server.</source>
        <translation>这里没有这个名字。按 Ctrl+N 在服务器上查找。</translation>
    </message>
</context>
<context>
    <name>kith::ui::SwitcherDelegate</name>
    <message>
        <source>kept on this computer</source>
        <translation>保存在这台电脑上</translation>
    </message>
    <message>
        <source>left</source>
        <translation>已退出</translation>
    </message>
    <message>
        <source>group</source>
        <translation>群组</translation>
    </message>
</context>
<context>
    <name>kith::ui::TextDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Type a name.</source>
        <translation>请输入名称。</translation>
    </message>
</context>
<context>
    <name>kith::ui::TimelineView</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message numerus="yes">
        <source>%n new message(s)</source>
        <translation>
            <numerusform>%n 条新消息</numerusform>
        </translation>
    </message>
    <message>
        <source>To the newest message</source>
        <translation>回到最新消息</translation>
    </message>
    <message>
        <source>To the newest message (Esc)</source>
        <translation>回到最新消息（Esc）</translation>
    </message>
    <message>
        <source>No messages yet</source>
        <translation>还没有消息</translation>
    </message>
    <message>
        <source>Write the first one below.</source>
        <translation>在下方写下第一条吧。</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Take the like back</source>
        <translation>取消喜欢</translation>
    </message>
    <message>
        <source>Like</source>
        <translation>喜欢</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Who has read it</source>
        <translation>谁读过了</translation>
    </message>
    <message>
        <source>Profile of %1</source>
        <translation>%1 的资料</translation>
    </message>
    <message>
        <source>Go to what it answers</source>
        <translation>查看被回复的消息</translation>
    </message>
    <message>
        <source>Go to a day (Ctrl+J)</source>
        <translation>跳到某一天 (Ctrl+J)</translation>
    </message>
    <message>
        <source>Back to the reply</source>
        <translation>回到回复处</translation>
    </message>
    <message>
        <source>Back to the reply (Alt+Left)</source>
        <translation>回到回复处 (Alt+←)</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>复制 %1</translation>
    </message>
</context>
<context>
    <name>kith::ui::Tray</name>
    <message numerus="yes">
        <source>Kith: %n unread message(s)</source>
        <translation>
            <numerusform>Kith：%n 条未读消息</numerusform>
        </translation>
    </message>
    <message>
        <source>Open Kith</source>
        <translation>打开 Kith</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>kith::ui::UnlockPage</name>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>At least 8 characters</source>
        <translation>至少 8 个字符</translation>
    </message>
    <message>
        <source>Passphrase, once more</source>
        <translation>再次输入口令</translation>
    </message>
    <message>
        <source>Unlock your history</source>
        <translation>解锁聊天记录</translation>
    </message>
    <message>
        <source>It is encrypted on this computer. Your passphrase opens it.</source>
        <translation>聊天记录已在这台电脑上加密，输入口令即可打开。</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Choose a passphrase</source>
        <translation>设置口令</translation>
    </message>
    <message>
        <source>This system has no keyring, so a passphrase protects your history. It is asked for at each start, and nobody can restore it.</source>
        <translation>本系统没有密钥环，因此用口令保护聊天记录。每次启动都要输入，遗忘后无法找回。</translation>
    </message>
    <message>
        <source>Protect my history</source>
        <translation>保护我的聊天记录</translation>
    </message>
    <message>
        <source>Kith cannot open this profile</source>
        <translation>Kith 无法打开此配置</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Type your passphrase.</source>
        <translation>请输入口令。</translation>
    </message>
    <message>
        <source>At least 8 characters.</source>
        <translation>至少 8 个字符。</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>两次输入不一致。</translation>
    </message>
    <message numerus="yes">
        <source>Too many wrong passphrases. Try again in %n second(s).</source>
        <translation>
            <numerusform>密码短语错误次数过多。请在 %n 秒后重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>Passphrase or recovery key</source>
        <translation>密码短语或恢复密钥</translation>
    </message>
    <message>
        <source>Kith is locked</source>
        <translation>Kith 已锁定</translation>
    </message>
    <message>
        <source>Your history is closed and its key is not in memory.</source>
        <translation>历史记录已关闭，密钥不在内存中。</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Start with an empty one</source>
        <translation>从空白历史开始</translation>
    </message>
    <message>
        <source>Start with an empty history?</source>
        <translation>从空白历史开始？</translation>
    </message>
    <message>
        <source>The file that cannot be read stays on this computer, under another name. You log in again, and what the server has is fetched. What was only here is not.</source>
        <translation>无法读取的文件会以另一个名称保留在这台电脑上。你需要重新登录，服务器上有的内容会重新获取；只保存在这里的内容不会恢复。</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新开始</translation>
    </message>
</context>
</TS>
