// tus-js-client as an outsider would use it. One JSON line in, one out.
import { createRequire } from 'node:module'

const { Upload } = createRequire(new URL('../../../pwa/package.json', import.meta.url))('tus-js-client')

let input = ''
for await (const piece of process.stdin) input += piece
const { endpoint, uploadUrl, cookie, content, metadata, chunkSize, duringCreation, retryDelays } = JSON.parse(input)

const upload = new Upload(Buffer.from(content, 'base64'), {
  endpoint,
  uploadUrl,
  chunkSize: chunkSize ?? Infinity,
  headers: { Cookie: cookie },
  metadata,
  retryDelays,
  uploadDataDuringCreation: duringCreation,
  onError(error) {
    const status = error.originalResponse?.getStatus() ?? 0
    console.log(JSON.stringify({ ok: false, status, url: upload.url, message: error.message }))
  },
  onSuccess({ lastResponse }) {
    console.log(JSON.stringify({ ok: true, status: lastResponse.getStatus(), etag: lastResponse.getHeader('ETag'), url: upload.url }))
  },
})
upload.start()
