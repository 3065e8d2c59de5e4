# 为何可信或不可信、在保或不在保、待裁决或需处理：每个代码一句话，带数字。

## 时间：设备与服务器的时钟

reason-no-anchor = 手机的流水账里，这条记录之前没有服务器的时间锚：无法证明它不是更早写下的。
reason-server-clock-in-doubt = 这条记录到达时，服务器自己的时钟存疑：没有拿它与手机时钟比对，只能证明不晚于当时时钟可能的最晚时间。
reason-claim-before-anchor = 手机时钟所称的时间比手机已持有的服务器时间锚还早 { NUMBER($seconds) } 秒，不可能成立。
reason-claim-after-receipt = 手机时钟所称的时间比服务器收到的时间还晚 { NUMBER($seconds) } 秒，不可能成立。
reason-clock-moved = { $how ->
    [backwards] 手机时钟比上一条记录早了 { NUMBER($seconds) } 秒：时钟被调回。
    [monotonic] 同一次运行中，手机的运行时间倒退了 { NUMBER($seconds) } 秒，不可能成立。
    [elapsed] 手机实际经过的时间比时钟显示的多 { NUMBER($seconds) } 秒：时钟被调回。
   *[offset] { $direction ->
        [back] 两次与服务器联系之间，手机时钟被调慢 { NUMBER($seconds) } 秒。
       *[forward] 两次与服务器联系之间，手机时钟被调快 { NUMBER($seconds) } 秒。
    }
}
reason-clock-moved-elsewhere = { $direction ->
    [back] 手机时钟被调慢 { NUMBER($seconds) } 秒，但发生在写下这条记录之后。
   *[forward] 手机时钟被调快 { NUMBER($seconds) } 秒，但发生在写下这条记录之后。
}
reason-elapsed-agrees = 手机经过的时间与其时钟相符，相差 { NUMBER($seconds) } 秒。
reason-elapsed-shorter = 手机经过的时间比时钟显示的少 { NUMBER($seconds) } 秒。手机可能休眠过，证明力较弱。
reason-gps-agrees = 定位时间与记录时间相符，相差 { NUMBER($seconds) } 秒。
reason-gps-older = 定位早于记录 { NUMBER($seconds) } 秒，不能说明时间。
reason-gps-later = 定位时间比所称时间晚 { NUMBER($seconds) } 秒。
reason-gps-by-phone-clock = { $direction ->
    [ahead] 定位用的就是手机时钟的时间，它比服务器快 { NUMBER($seconds) } 秒，不能另外说明时间。
   *[behind] 定位用的就是手机时钟的时间，它比服务器慢 { NUMBER($seconds) } 秒，不能另外说明时间。
}
reason-gps-rolled-over = 手机的卫星定位把周数算错了：定位时间已补上 { NUMBER($weeks) } 周。
reason-phone-clock-off = { $direction ->
    [ahead] 卫星时间与服务器时间相符；以它为准，手机时钟快 { NUMBER($seconds) } 秒。
   *[behind] 卫星时间与服务器时间相符；以它为准，手机时钟慢 { NUMBER($seconds) } 秒。
}

## 是否准时

reason-no-deadline = 到达没有规定期限。
reason-on-time = 比期限早到 { NUMBER($minutes) } 分钟。
reason-on-time-hours = 比期限早到 { NUMBER($hours) } 小时 { NUMBER($minutes) } 分钟。
reason-late-hours = 比期限晚到 { NUMBER($hours) } 小时 { NUMBER($minutes) } 分钟。
reason-late = 比期限晚到 { NUMBER($minutes) } 分钟。
reason-time-unproven = { $grade ->
    [corroborated] 到达时间与期限过于接近，无法判定。
    [contradicted] 时间有矛盾；按已证明的范围，到达可能在期限之前，也可能在期限之后。
   *[claimed] 只有手机时钟说明时间；按已证明的范围，到达可能在期限之前，也可能在期限之后。
}

## 地点

reason-inside = 在现场：距中心 { NUMBER($distance_m) } 米，精度 { NUMBER($accuracy_m) } 米，范围 { NUMBER($radius_m) } 米。
reason-outside = 不在现场：距中心 { NUMBER($distance_m) } 米，精度 { NUMBER($accuracy_m) } 米，允许 { NUMBER($radius_m) } 米。
reason-unclear = 精度不足，无法判定：距现场中心 { NUMBER($distance_m) } 米，精度仅 { NUMBER($accuracy_m) } 米，允许 { NUMBER($radius_m) } 米。
reason-datum-unknown = 地点坐标未注明坐标系，距离在 { NUMBER($distance_m) } 至 { NUMBER($farthest_m) } 米之间，精度 { NUMBER($accuracy_m) } 米，允许 { NUMBER($radius_m) } 米，无法判定。
reason-no-accuracy = 定位没有给出精度。
reason-old-fix = 最后一次定位已过去 { NUMBER($age_s) } 秒，精度由 { NUMBER($stated_m) } 米放宽为 { NUMBER($accuracy_m) } 米。
reason-no-position = { $why ->
    [denied] 没有定位：手机未允许应用获取位置。
    [timeout] 没有定位：在限定时间内未能定位。
    [unavailable] 没有定位：手机收不到定位信号。
    [unusable] 没有定位：手机给出的位置不能用。
   *[other] 没有定位。
}
reason-no-site-position = 地点没有坐标，无法比较。

## 提示：异常，但不是结论

reason-constant-accuracy = 最近 { NUMBER($positions) } 次定位的精度都恰好是 { NUMBER($accuracy_m) } 米。
reason-never-altitude = 最近 { NUMBER($positions) } 次定位都没有海拔和速度。
reason-same-digits = 定位与 { $fixed_at } 的一次每位数字都相同。
reason-too-fast = 与上一次定位相距 { NUMBER($km) } 公里，只用了 { NUMBER($minutes) } 分钟：任何车辆都达不到。
reason-site-corrected = { $how ->
    [entered] 地点原来没有坐标：据以判定的坐标由现场人员录入，{ $at } 送达，办公室还没有人确认。
   *[other] 据以判定的地点坐标由现场人员移动了 { NUMBER($distance_m) } 米，{ $at } 送达，办公室还没有人确认。
}
reason-signed-quickly = 签字只用了 { NUMBER($seconds) } 秒。
reason-signing-time-unknown = 签字用时未知：所有笔迹点的时间都相同。
reason-same-strokes = 笔迹与 { $signed_at } 的一次签字相同。
reason-short-strokes = 没有一笔超过 1 厘米：最长的一笔不超过 { NUMBER($most_mm) } 毫米。
reason-stroke-length-unclear = 是否有一笔超过 1 厘米未知：因屏幕而异，最长的一笔为 { NUMBER($least_mm) } 至 { NUMBER($most_mm) } 毫米。
reason-stroke-length-unknown = 笔迹长度未知：签字区的尺寸不是屏幕像素。
reason-signed-outside = 签字不在现场：距中心 { NUMBER($distance_m) } 米，精度 { NUMBER($accuracy_m) } 米，允许 { NUMBER($radius_m) } 米。

## 照片提示：异常，但不是结论

# `zone` 为 `assumed` 时，相机没有说明其时钟所在的时区。
reason-exif-time-differs = 按相机时钟，照片拍摄于 { $taken_at }{ $zone ->
    [assumed] （未注明时区，按公司时间理解）
   *[stated] { "" }
}，{ $direction ->
    [before] 早于记录时间
   *[after] 晚于可能的记录时间
}{ $unit ->
    [minutes] { " " }{ NUMBER($amount) } 分钟。
    [hours] 约 { NUMBER($amount) } 小时。
   *[days] 约 { NUMBER($amount) } 天。
}
reason-exif-place-differs = { $against ->
    [site] 按相机的定位，照片拍摄地点距现场中心 { $unit ->
        [km] { NUMBER($amount) } 公里
       *[m] { NUMBER($amount) } 米
    }，{ NUMBER($allowed_m) } 米以内视为相符。
   *[position] 相机的定位与随照片记录的位置相距 { $unit ->
        [km] { NUMBER($amount) } 公里
       *[m] { NUMBER($amount) } 米
    }，{ NUMBER($allowed_m) } 米以内视为相符。
}
reason-edited-by = 文件由图片编辑软件写成：{ $software }。
reason-reused = 工单 { $number } 里也有同一个文件，记录于 { $at }。
reason-similar = 与工单 { $number } 的一张照片看起来相似，那张记录于 { $at }：{ NUMBER($of) } 位中相差 { NUMBER($bits) } 位。

## 保修

reason-within-term = 在保，至 { $until }：自 { $start }{ $begins ->
    [completion] 竣工（无验收日期）
    [card_lost] 竣工（保修卡遗失）
    [day_after_acceptance] 验收次日
   *[acceptance] 验收
}起 { NUMBER($months) } 个月（{ $norm }）。
reason-term-over = 已过保修期，至 { $until }止：自 { $start }{ $begins ->
    [completion] 竣工（无验收日期）
    [card_lost] 竣工（保修卡遗失）
    [day_after_acceptance] 验收次日
   *[acceptance] 验收
}起 { NUMBER($months) } 个月（{ $norm }）。
reason-no-asset = 工单没有指明设备，是否在保未知。
reason-no-dates = 既无验收日期也无竣工日期，{ NUMBER($months) } 个月的保修期无法计算。
reason-no-term = “{ $category }”没有规定保修期。

## 谁付费

reason-free-warranty = 免费：在保修期内。
reason-free-supplier = 对客户免费：产品质量问题，向供应商索赔。
reason-customer-cause = 收费：客户原因。材料按 { NUMBER($materials_percent) }%、人工按 { NUMBER($labour_percent) }% 收取（{ $norm }）。
reason-out-of-warranty = 收费：已过保修期。材料按 { NUMBER($materials_percent) }%、人工按 { NUMBER($labour_percent) }% 收取（{ $norm }）。
reason-coverage-unknown = 是否在保未知。若不在保：材料按 { NUMBER($materials_percent) }%、人工按 { NUMBER($labour_percent) }% 收取（{ $norm }）。

## 不能接受的签字维修服务单

reason-not-text = 所签的维修服务单不是文本。
reason-digest-differs = 摘要与所签的维修服务单不符。
reason-not-json = 所签的维修服务单无法读取。
reason-bad-number = 所签的维修服务单中有无法表示的数字。
reason-not-an-object = 所签的维修服务单没有各项名称。
reason-missing-keys = 所签的维修服务单缺少必要的项目。

## 待裁决的操作

held-unreadable = 这一行无法读取。
held-unknown-kind = 服务器不认识这种操作。
held-invalid-data = 操作的内容有缺失或错误。
held-unknown-target = 找不到操作所属的对象；对象出现后会自动处理。
held-not-permitted = 此人无权对这张工单这样操作。
held-broken-chain = 这一行与前一行接不上：流水账被改动过，或缺了一段。
held-bad-signature = 批次的签名与这台设备的密钥不符。
held-bad-anchor = 时间锚不是本服务器发出的。
held-device-revoked = 送达时这台设备已被停用。
held-unknown-device = 服务器不认识这台设备，是谁的只有文件自己说。

## 需要处理的工单

flag-opened-in-field = 维修员在现场新开：请安排或拒绝。
flag-done-by-former-assignee = 由已不再负责这张工单的人完成。
flag-recorded-after-cancel = 取消之后仍有记录：请决定收费或免收。
flag-finished-after-cancel = 取消之后完工：请决定收费或免收。
flag-changed-after-review = 审核通过之后又有改动。
flag-continued-after-finish = 完工之后仍有人继续处理。
flag-recalled-from-phone = 服务器恢复后由手机找回：请确认。
flag-removed-and-changed = 一人删除的行被另一人修改，以修改为准。
flag-number-changed = 原单号 { $number } 已被另一张工单使用，已换新单号。

## 为何文件不能作为照片（原文件仍然保留）

rejected-too-many-bytes = 文件超过 25 MiB，不能作为照片。
rejected-not-an-image = 这个文件不是照片（JPEG、PNG、WebP 或 HEIC）。
rejected-too-many-pixels = 像素过多，无法安全打开：最多 6000 万，HEIC 最多 4890 万，PNG 最多 5700 万，WebP 最多 1400 万。
rejected-truncated = 文件不完整，后面的部分缺失。
rejected-broken = 文件已损坏，无法显示。
rejected-too-slow = 显示这个文件需要的时间过长，已停止。
rejected-too-much-memory = 显示这个文件需要的内存过多，已停止。
rejected-unknown = 服务器没有把这个文件收作照片，也没有给出原因。
# 怎么办：说给手机使用者听，另拍或另选一张，再移除这一张。
rejected-helps-too-many-bytes = 请选小一些的，或用应用里的相机重拍；然后移除这一张。
rejected-helps-not-an-image = 请把图片另存为 JPEG 后再选一次，或用应用里的相机重拍；然后移除这一张。
rejected-helps-too-many-pixels = 请缩小后再选一次，或用应用里的相机重拍；然后移除这一张。
rejected-helps-truncated = 请从相册再选一次原图，或重拍一张；然后移除这一张。
rejected-helps-broken = 请从相册再选一次原图，或重拍一张；然后移除这一张。
rejected-helps-too-slow = 请缩小后再选一次，或用应用里的相机重拍；然后移除这一张。
rejected-helps-too-much-memory = 请缩小后再选一次，或用应用里的相机重拍；然后移除这一张。
rejected-helps-unknown = 请从相册再选一次原图，或重拍一张；然后移除这一张。
rejected-helps-office = 原文件已保留。请让拍照的人趁还在现场重拍一张。
