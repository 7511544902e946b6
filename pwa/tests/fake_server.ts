// A server in memory that keeps the contract of uploads and acts, and a network between that can fail on purpose.
import { createHash } from 'node:crypto'
import type { Transport } from '../src/api/asking'

export type Fault = 'lost_request' | 'lost_answer' | 'portal' | 'proxy_error' | 'cut' | 'none'

export interface Seen {
  method: string
  path: string
  status: number
  bytes: number
}

interface Upload {
  photo_id: string
  sha256: string
  length: number
  data: Uint8Array
}

const TUS = { 'Tus-Resumable': '1.0.0' }

export class FakeServer {
  readonly uploads = new Map<string, Upload>()
  readonly photos = new Map<string, string>()
  readonly acts = new Map<string, string>()
  /** how often an act was really carried out */
  readonly done: string[] = []
  readonly seen: Seen[] = []
  readonly tokens = new Set<string>()
  /** in whose name each act came: of whoever's cookie the phone has, or of a token */
  readonly authors = new Map<string, string>()
  /** what it says to who asks for a token in this person's name */
  readonly refuses = new Map<string, string>()
  session = true
  key_is_good = true
  /** what the network does to the next requests, then 'none' */
  faults: Fault[] = []
  /** answers instead of the server, where it answers at all */
  instead: ((method: string, path: string) => Response | undefined) | undefined

  readonly send: Transport = async (path, init) => {
    const method = init.method ?? 'GET'
    const body = init.body as string | ArrayBuffer | undefined
    const fault = this.faults.shift() ?? 'none'
    if (fault === 'lost_request') throw new TypeError('failed')
    if (fault === 'portal') return new Response('<html>Welcome to the free network</html>', { headers: { 'Content-Type': 'text/html' } })
    if (fault === 'proxy_error') return new Response('<html>502</html>', { status: 502, headers: { 'Content-Type': 'text/html' } })
    const cut = fault === 'cut' && body instanceof ArrayBuffer ? body.slice(0, Math.floor(body.byteLength / 2)) : body
    const response = this.instead?.(method, path) ?? this.answer(method, path, init, cut)
    this.seen.push({ method, path, status: response.status, bytes: body instanceof ArrayBuffer ? body.byteLength : 0 })
    if (fault === 'lost_answer' || fault === 'cut') throw new TypeError('failed')
    return response
  }

  private answer(method: string, path: string, init: RequestInit, body: string | ArrayBuffer | undefined): Response {
    const headers = new Headers(init.headers)
    if (path === '/api/sessions') return this.renew(JSON.parse(body as string) as { proof: string; deliver?: true })
    const token = headers.get('authorization')
    if (token ? !this.tokens.has(token) || init.credentials !== 'omit' : !this.session) return problem(401, 'session_over')
    if (path === '/api/me') return json(200, {})
    if (path === '/api/uploads') return this.create(headers, body as ArrayBuffer | undefined)
    if (path.startsWith('/api/uploads/')) return this.go_on(method, path, headers, body as ArrayBuffer | undefined)
    return this.act(path, headers, body as string)
  }

  private renew({ proof, deliver }: { proof: string; deliver?: true }): Response {
    if (!this.key_is_good) return problem(401, 'device_ended')
    const person = { id: 'p', name: '张', role: 'handler' }
    if (deliver) {
      const { sub } = JSON.parse(Buffer.from(proof.split('.')[1]!, 'base64url').toString()) as { sub: string }
      const refusal = this.refuses.get(sub)
      if (refusal) return problem(401, refusal)
      this.tokens.add(`Bearer ${sub}`)
      return json(201, { person, deliver_only: true, token: sub })
    }
    this.session = true
    return json(201, { person })
  }

  private create(headers: Headers, body: ArrayBuffer | undefined): Response {
    const meta = new Map(
      headers.get('upload-metadata')!.split(',').map((member) => {
        const [name, value] = member.split(' ')
        return [name!, Buffer.from(value!, 'base64').toString()]
      }),
    )
    const photo_id = meta.get('photo_id')!
    const path = `/api/uploads/${photo_id}`
    const known = this.uploads.get(path)
    if (known) return known.sha256 === meta.get('sha256') ? this.standing(path, 200) : problem(409, 'photo_differs')
    const upload = { photo_id, sha256: meta.get('sha256')!, length: Number(headers.get('upload-length')), data: new Uint8Array() }
    this.uploads.set(path, upload)
    if (body) this.append(upload, body)
    return this.standing(path, 201)
  }

  private go_on(method: string, path: string, headers: Headers, body: ArrayBuffer | undefined): Response {
    const upload = this.uploads.get(path)
    if (!upload) return new Response(null, { status: 404, headers: TUS })
    if (method === 'HEAD') return this.standing(path, 200)
    if (Number(headers.get('upload-offset')) !== upload.data.length) return this.standing(path, 409)
    const given = headers.get('upload-checksum')
    // A body cut in half does not bear its checksum; its bytes count all the same, as after a broken connection.
    if (given && !given.startsWith('sha256 ')) return problem(400, 'checksum_form')
    this.append(upload, body!)
    return this.standing(path, 204)
  }

  private append(upload: Upload, body: ArrayBuffer): void {
    upload.data = new Uint8Array([...upload.data, ...new Uint8Array(body)])
  }

  private standing(path: string, status: number): Response {
    const upload = this.uploads.get(path)!
    const headers: Record<string, string> = { ...TUS, Location: path }
    if (upload.data.length === upload.length) {
      if (hash(upload.data) !== upload.sha256) {
        upload.data = new Uint8Array()
        return new Response(null, { status: 460, headers: { ...headers, 'Upload-Offset': '0' } })
      }
      this.photos.set(upload.photo_id, upload.sha256)
      headers.ETag = `"${upload.sha256}"`
    }
    headers['Upload-Offset'] = String(upload.data.length)
    return new Response(null, { status, headers })
  }

  private act(path: string, headers: Headers, body: string): Response {
    if (!headers.get('act-signature')?.includes('..')) return problem(401, 'signature_missing')
    const [, , , case_id, , act_id] = path.split('/') as string[]
    const known = this.acts.get(act_id!)
    if (known !== undefined && known !== body) return problem(409, 'act_differs')
    if (known === undefined) this.done.push(act_id!)
    this.authors.set(act_id!, headers.get('authorization')?.replace('Bearer ', '') ?? 'cookie')
    this.acts.set(act_id!, body)
    const named = (JSON.parse(body) as { photos: { photo_id: string; sha256: string }[] }).photos
    const held = named.filter((photo) => this.photos.has(photo.photo_id))
    return json(known === undefined ? 201 : 200, {
      verdict: 'done',
      receipt: {
        act_id,
        case_id,
        photos: Object.fromEntries(held.map((photo) => [photo.photo_id, this.photos.get(photo.photo_id)])),
        photos_missing: named.filter((photo) => !this.photos.has(photo.photo_id)).map((photo) => photo.photo_id),
        photos_refused: {},
        seq: this.acts.size,
        heard_at: new Date().toISOString(),
      },
    })
  }
}

export function problem(status: number, code: string, more: { title?: string; retry?: boolean; after?: number } = {}): Response {
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' }
  if (more.after !== undefined) headers['Retry-After'] = String(more.after)
  return new Response(JSON.stringify({ code, status, title: more.title ?? code, retry: more.retry ?? false }), { status, headers })
}

export function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
}

export function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
