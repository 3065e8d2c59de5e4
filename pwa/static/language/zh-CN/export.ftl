# 导出文件处理的结果：办公室页面和命令行共用。

export-from = 来自{ $person }，{ $device }
export-new-device = 服务器不认识这台设备，只有文件说它属于{ $person }：每一项都等待裁决，或由{ $person }本人确认。
export-revoked = 这台设备已被停用：其中原先没有的内容都保留下来，等待裁决。
export-lines = { $count ->
    [0] 没有记录行
   *[other] 共 { NUMBER($count) } 行，其中新的 { NUMBER($fresh) } 行
}
export-counts = 已执行 { NUMBER($applied) }，已合并 { NUMBER($merged) }，两边都改了 { NUMBER($conflict) }，保留待裁决 { NUMBER($held) }
export-status-applied = 已执行
export-status-merged = 已合并
export-status-conflict = 两边都改了
export-status-held = 保留待裁决
export-repeated = 以前已收到
export-more = 另有 { NUMBER($count) } 项
export-line = 第 { $seq } 行
export-photos = { $count ->
    [0] 没有照片
   *[other] 照片 { NUMBER($count) } 张
}
export-photo-state-stored = 已安全存入服务器
export-photo-state-rejected = 不是照片，另行保存
export-photo-state-differs = 文件中的照片已损坏，没有保存；手机上仍有原件。
export-photo-state-too-large = 超过 25 MiB，没有保存；手机上仍有原件。
export-photo-state-later = 现在无法查看，请稍后再导入一次这个文件。
export-photo-state-no-room = 服务器磁盘空间不足，没有保存。请腾出空间后再导入一次这个文件。
