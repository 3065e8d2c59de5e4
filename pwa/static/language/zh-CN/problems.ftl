# 出了什么问题、该怎么办：服务器返回的每一种错误。
# server/problems.py 里的每个代码都有一个标题，以及同名加 -detail 的一句说明。

## 登录

problem-bad-credentials = 用户名或密码不对
problem-bad-credentials-detail = 用户名和密码不匹配。请核对两项，注意大小写后再试；忘记密码请找管理员重新设置。
problem-weak-password = 密码太弱
problem-weak-password-detail = { $reason ->
    [too_short] 密码至少需要 { $length } 个字符。
    [too_long] 密码最多 { $length } 个字符。
    [blank] 这个密码只有空白。
    [unreadable] 这个密码里有无法识别的字符。
    [common] 这个密码（或它的大部分）用的人太多，别人会最先试它。
    [contains_name] 密码里有本账号的用户名或姓名。
    [contains_product] 密码里有本程序的名称。
    [demonstration] 这是演示公司的密码，人人都知道。
   *[guessable] 这个密码很快会被猜到：它由姓名、日期、相邻的键或重复的内容组成。
}请选四个或更多互不相关的词，或让密码管理器生成一个。不必有大写字母、数字或符号。
problem-not-signed-in = 尚未登录
problem-not-signed-in-detail = 登录已失效或还没有登录。请重新登录；本机上待发送的内容不会丢失。
problem-session-ended = 登录已被结束
problem-session-ended-detail = { $reason ->
    [password_changed] 密码已更改。请用新密码登录；本机上待发送的内容不会丢失。
    [account_closed] 账号已停用。本机上待发送的内容仍在，可用导出文件交回，请联系管理员。
    [ended_by_self] 您自己在另一台手机或浏览器上结束了这次登录。要在这里继续，请重新登录；这台设备上等待发送的内容都还在。如果不是您本人操作，请更改密码。
   *[ended] 这个账号的登录已全部结束。请重新登录；本机上待发送的内容不会丢失。
}
problem-too-many-tries = 尝试次数过多
problem-too-many-tries-detail = 登录失败次数过多。请在 { $retry_after_s } 秒后再试，或联系管理员。
problem-device-taken = 这台设备属于别人
problem-device-taken-detail = 这个设备编号已被另一位人员使用，或对应另一把密钥。请用新的设备编号和新的密钥登录。
problem-device-revoked = 这台设备已被停用
problem-device-revoked-detail = 办公室已停用这台设备。尚未发送的内容仍可用导出文件交回，请联系主管。
problem-too-many-devices = 手机太多
problem-too-many-devices-detail = 一个人最多可以有 { $most } 台在用的手机，这台会超出。请让办公室在人员页面停用不再使用的手机。
problem-too-many-new-devices = 新手机太多
problem-too-many-new-devices-detail = 一个人在 { $hours } 小时内最多可以登记 { $most } 台新手机，这台会超出。请在 { $retry_after_s } 秒后再试，或用已登记过的手机登录。
problem-invalid-key = 设备密钥无法使用
problem-invalid-key-detail = 请以 JWK 形式发送 ECDSA P-256 公钥，包含 kty、crv、x、y，不得包含私钥。
problem-cross-origin = 已拒绝：请求来自其他网站
problem-cross-origin-detail = 有其他网站的页面试图以您的名义修改内容。没有任何改动。请打开 Undercroft 本身进行操作。
problem-not-permitted = 没有权限
problem-not-permitted-detail = 您的角色不能进行此操作。请让主管来做。

## 所请求的内容

problem-not-found = 找不到
problem-not-found-detail = 这个地址没有内容，或您无权查看。请核对地址，或返回列表重新打开。
problem-method-not-allowed = 此地址不支持该操作
problem-method-not-allowed-detail = 地址存在，但不接受这种 HTTP 方法。可用的方法见响应头 Allow。
problem-not-signed = 尚未签字
problem-not-signed-detail = 客户还没有在这张工单上签字，所以没有维修服务单。签字送达后即可查看。
problem-bad-request = 无法理解请求
problem-bad-request-detail = 服务器无法理解这个请求。请刷新页面或更新程序后再试。
problem-not-json = 不是 JSON
problem-not-json-detail = 请求正文不是 UTF-8 编码的有效 JSON。请改正后重新发送。
problem-bad-encoding = 无法解压正文
problem-bad-encoding-detail = 此处只接受 gzip 或不压缩的正文，而收到的不是完整的 gzip。请重新发送，必要时不要压缩。
problem-unsupported-media-type = 不接受这种内容
problem-unsupported-media-type-detail = 请求的 Content-Type 不是此地址所接受的。可接受的类型见 /api/docs。
problem-invalid-request = 字段缺失或有误
problem-invalid-request-detail = 有字段缺失或类型不对，“fields” 中逐一列出位置。请改正后重新发送。
problem-bad-cursor = 游标无效
problem-bad-cursor-detail = 这个游标不是来自这个列表。请去掉游标，从头开始。
problem-too-large = 内容过大
problem-too-large-detail = 发送的内容超过此地址的上限。请分成较小的部分发送。
problem-text-too-long = 内容太长
problem-text-too-long-detail = 没有保存：超过了一条记录能容纳的长度。请返回，您填写的内容还在表单里；请缩短，或分成几条备注。

## 同步

problem-unsupported-protocol = 不支持这个协议版本
problem-unsupported-protocol-detail = 服务器使用协议第 { $supported } 版。请更新服务器或程序。
problem-wrong-device = 设备不符
problem-wrong-device-detail = 当前登录属于另一台设备，与请求中的设备不同。请用这台设备登录。
problem-batch-too-long = 一次发送的行数过多
problem-batch-too-long-detail = 一批最多 { $limit } 行。请分成几批发送。
problem-ledger-gap = 中间缺少若干行
problem-ledger-gap-detail = 服务器已收到这本流水账的第 { $acknowledged } 行及以前的内容。请从下一行起重新发送。
problem-ledger-fork = 流水账已分叉
problem-ledger-fork-detail = 服务器上相同编号下已有另外的内容，例如手机从备份恢复后会这样。应用会以新设备继续，并带上所有尚未发送的内容。

## 照片上传

problem-tus-version = 不支持这个上传协议版本
problem-tus-version-detail = 此处使用 tus { $supported } 版。请在请求头 Tus-Resumable 中写明该版本。
problem-bad-upload-header = 上传请求头缺失或有误
problem-bad-upload-header-detail = 请求头 { $header } 缺失，或不是 tus 规定的形式。请改正后重新发送。
problem-upload-offset = 续传位置不符
problem-upload-offset-detail = 服务器已安全保存前 { $offset } 字节（共 { $length } 字节）。请从这里继续发送。
problem-upload-busy = 这次上传正在进行
problem-upload-busy-detail = 另一个请求正在写入同一次上传。请等它结束后再继续。
problem-upload-too-long = 内容比预告的长
problem-upload-too-long-detail = 这次上传预告的长度是 { $length } 字节，发来的内容超过了它。多出的部分没有保存；请核对文件后重新上传。
problem-too-many-uploads = 未完成的上传太多
problem-too-many-uploads-detail = 已有 { $uploads } 个上传（共 { $bytes } 字节）开始而未完成，最多允许 { $limit } 个、{ $limit_bytes } 字节。请先传完这些，或 { $retry_after_s } 秒后再试；照片都还在手机上。
problem-upload-expired = 上传已过期
problem-upload-expired-detail = 这次上传搁置太久，已被清除。照片仍在手机上，请重新上传。
problem-checksum-differs = 这一段在途中受损
problem-checksum-differs-detail = 收到的字节与 { $algorithm } 校验值不符，没有保存。请从原来的位置再发一次。
problem-content-differs = 内容与哈希不符
problem-content-differs-detail = 收到的全部字节与预告的 SHA-256 不符，已丢弃，照片记录仍为“等待照片”。请重新上传。

## 导出文件

problem-export-damaged = 这不是导出文件
problem-export-damaged-detail = 文件无法读取：已损坏、不完整，或不是 *.undercroft.zip。什么都没有导入。请让手机重新导出。
problem-export-incomplete = 导出文件不完整
problem-export-incomplete-detail = 文件缺少 { $part }。什么都没有导入。请让手机重新导出。
problem-export-wrong = 导出文件中有一部分无法读取
problem-export-wrong-detail = { $part } 不是 Undercroft 应用写出的样子。什么都没有导入。请让手机重新导出。
problem-export-too-large = 导出文件过大
problem-export-too-large-detail = 文件超过此处可以导入的大小。什么都没有导入。请管理员在服务器上使用 import-ledger 命令，或让手机自己发送照片。
problem-export-too-many-lines = 导出文件行数过多
problem-export-too-many-lines-detail = 文件至少有 { NUMBER($lines) } 行，最多可以导入 { NUMBER($most) } 行。什么都没有导入，也没有丢失：请让手机直接联网，多少行都能送出。
problem-export-empty-line = 导出文件中有空行
problem-export-empty-line-detail = 文件第 { NUMBER($line) } 行是空的，Undercroft 应用不会这样写。什么都没有导入。请让手机重新导出。
problem-export-unsigned = 导出文件没有所属设备的签名
problem-export-unsigned-detail = 签名与文件 { NUMBER($lines) } 行中的最后一行不符：文件在途中损坏，或由他人所写。什么都没有导入。请保留此文件，并让手机重新导出。
problem-export-busy = 正在导入另一个导出文件
problem-export-busy-detail = 一次只能导入一个文件。这个文件什么都没有导入，请一分钟后再试。
problem-export-unknown-person = 这里没有写这个文件的人
problem-export-unknown-person-detail = 文件来自“{ $username }”，本服务器不认识此人。什么都没有导入。请确认文件属于本公司；服务器恢复以后，要先有这个人员。
problem-account-closed = 账号已停用
problem-account-closed-detail = “{ $username }”的账号已停用。什么都没有收下；账号重新启用之前留在手机里。
problem-ledger-by-own-hand = 只能由本人送来
problem-ledger-by-own-hand-detail = 第 { NUMBER($seq) } 项只能由记录者本人送来。需要本人在手机上登录。
problem-export-other-device = 文件自称来自另一台设备
problem-export-other-device-detail = 服务器上这台设备的密钥与文件中的不同，无法核实是谁写的。什么都没有导入。
problem-export-gap = 这个文件之前缺少若干行
problem-export-gap-detail = { $acknowledged ->
    [0] 服务器还没有这本流水账
   *[other] 服务器已有这本流水账的前 { NUMBER($acknowledged) } 行
}，文件从第 { NUMBER($first) } 行开始。什么都没有导入。请先导入这台手机更早的文件，或让手机联系一次以后重新导出。
problem-export-not-kept = 文件已不在服务器上
problem-export-not-kept-detail = 没有导入的文件只保留一小时，选了新的文件旧的也会让位。请重新选择；其中的内容尚未导入。
problem-export-fork = 服务器上相同编号下已有另外的内容
problem-export-fork-detail = 从第 { $seq } 行起，文件与这台设备以前发送的不同，例如手机从备份恢复后会这样。从那一行起什么都没有导入。请让手机直接联网：应用会以新设备继续，并送出全部内容。

## 服务器

problem-internal-error = 服务器出错
problem-internal-error-detail = 服务器遇到意外错误，已记录，编号 { $incident }。本机上待发送的内容仍在，请稍后再试；若再次出现，请把编号告诉管理员。
problem-not-ready = 服务器尚未就绪
problem-not-ready-detail = 数据库或照片存储没有响应。请稍后再试；若一直如此，请告诉管理员。

problem-disk-full = 服务器空间不足
problem-disk-full-detail = 服务器磁盘已满或即将满，这次的内容没有收下。本机上待发送的内容仍在，请 { $retry_after_s } 秒后再试，并告诉管理员。
problem-busy = 服务器正忙
problem-busy-detail = 服务器暂时无法接收，请 { $retry_after_s } 秒后再试，内容不会丢失。
