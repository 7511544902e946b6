"""Every way in which a photo is refused."""

from moshao.kit.errors import refusal

wrong_tus_version = refusal("wrong_tus_version", 412, "上传协议版本不对，请更新应用")
bad_upload_header = refusal("bad_upload_header", 400, "上传请求的头信息不正确")
bad_upload_metadata = refusal("bad_upload_metadata", 422, "上传说明有误，请检查标出的项目")
upload_too_large = refusal("upload_too_large", 413, "文件太大：照片不超过 20 MB，语音不超过 2 MB")
longer_than_said = refusal("longer_than_said", 413, "收到的内容比说明的长")
upload_id_taken = refusal("upload_id_taken", 409, "同一编号已用于另一张照片")
wrong_offset = refusal("wrong_offset", 409, "上传位置不符，请从服务器给出的位置继续", retry=True)
taken_over = refusal("taken_over", 409, "另一个连接已接着上传这张照片", retry=True)
upload_gone = refusal("upload_gone", 410, "这次上传已过期或已取消，请重新上传", retry=True)
chunk_damaged = refusal("chunk_damaged", 460, "这一段在传输中损坏，请重发", retry=True)
photo_damaged = refusal("photo_damaged", 460, "照片在传输中损坏，请从头重发", retry=True)
photo_in_use = refusal("photo_in_use", 403, "这张照片已用作案件证据，不能删除")
too_many_uploads = refusal("too_many_uploads", 429, "未完成的上传太多，请先传完", retry=True)

NOT_ACCEPTABLE = {
    kind.code: kind
    for kind in (
        refusal("not_a_photo", 422, "这不是可用的照片（支持 JPEG、PNG、WebP、HEIC）"),
        refusal("photo_broken", 422, "照片文件不完整或已损坏"),
        refusal("photo_too_many_pixels", 422, "照片像素太多（不超过 6400 万）"),
        refusal("photo_too_costly", 422, "照片文件异常，无法安全打开"),
        refusal("photo_moves", 422, "动图不能作为照片"),
        refusal("not_a_voice_note", 422, "这不是可用的语音（支持 WebM、Ogg、MP4）"),
        refusal("voice_too_long", 422, "语音太长（不超过 60 秒）"),
    )
}
