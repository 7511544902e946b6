// tus 1.0.0 with creation, creation-with-upload and checksum, by fetch, so that it runs in a worker as well.
import { exchange, isPortal, type Transport } from '../api/asking'
import { problemFrom, type Problem } from '../api/problem'
import { base64, fromHex, sha256, utf8 } from '../local/bytes'
import { afterProblem, type Step } from './deciding'
import { fileNameOf, type Photo } from './rows'

/** A photo of 20 MB in small parts, and what may go wrong between. */
const STEPS = 3000
const MISMATCHES = 3
/** Who fails before this had no network at all, and nothing has gone. */
export const AT_ONCE_MS = 150
const BASE_TIMEOUT_MS = 20_000
/** 3 KB/s: half of the slowest network that must work, 50 kbit/s. */
const SLOWEST_BYTES_PER_MS = 3
/** Its words are ours: the server never saw the photo that was taken. */
const DAMAGED_HERE: Problem = { code: 'photo_damaged_here', title: '', status: 0, retry: false }

export interface Uploading {
  photo: Photo
  bytes: ArrayBuffer
  /** how far it is, if that is known */
  offset?: number
  send?: Transport
  /** called before the first byte goes to a new location, and when one has ended */
  keepLocation(location: string | undefined): Promise<void>
  /** called with what the server says */
  keepOffset(offset: number | undefined): void
  /** runs what sends at most so many bytes from there on, when it is its turn; silence where the network went meanwhile */
  turn(from: number, run: (most: number) => Promise<Reply | Silence>): Promise<Reply | Silence>
}

export type UploadStep = { to: 'held' } | Silence | Exclude<Step, { to: 'told' | 'rest' }>

export interface Reply {
  status: number
  headers: Headers
  problem: Problem | undefined
}

/** What was no word of our server. `untouched`: it came so soon that nothing can have gone. */
export type Silence = Extract<Step, { to: 'rest' }> & { untouched?: boolean }

/** Brings one photo to the server, from wherever an earlier try ended. */
export async function upload(job: Uploading): Promise<UploadStep> {
  let location = job.photo.location
  let offset = location ? job.offset : undefined
  let mismatches = 0
  for (let step = 0; step < STEPS; step++) {
    const reply: Reply | Silence = !location
      ? await create(job)
      : offset === undefined
        ? await head(job, location)
        : await patch(job, location, offset)
    if ('to' in reply) return reply
    if (isHeld(reply, job.photo)) return { to: 'held' }
    const { status, headers } = reply
    const named = offsetOf(headers)
    if (status === 460 && (await isDamagedHere(job))) return { to: 'parked', problem: DAMAGED_HERE }
    if (status === 409 || status === 460 || status === 404 || status === 410) mismatches += 1
    if (mismatches > MISMATCHES) return { to: 'later' }
    if (!location) {
      const place = headers.get('location')
      if (!place || ![200, 201, 460].includes(status)) return refusal(reply)
      location = place
      await job.keepLocation(location)
      offset = named ?? 0
    } else if (status === 404 || status === 410) {
      location = undefined
      await job.keepLocation(undefined)
    } else if (status === 200 || status === 204 || status === 409 || status === 460) {
      offset = named
    } else {
      // A HEAD has no body to say why in; the creation, repeated, says it.
      const said = reply.problem ? reply : await create(job, 0)
      return 'to' in said ? said : refusal(said)
    }
    job.keepOffset(offset)
    // All bytes are there, yet no ETag: the server is still making sure. Its HEAD will tell, later.
    if (location && offset === job.photo.length) {
      const last = await head(job, location)
      return !('to' in last) && isHeld(last, job.photo) ? { to: 'held' } : { to: 'later' }
    }
  }
  return { to: 'later' }
}

/** `most`: bytes that may come with it. One that was tried before may be there already, and would hear none of them. */
function create(job: Uploading, most = job.photo.tries > 0 ? 0 : job.photo.length): Promise<Reply | Silence> {
  const headers = { 'Upload-Length': String(job.photo.length), 'Upload-Metadata': metadata(job.photo) }
  if (most === 0 || job.bytes.byteLength === 0) return request(job, '/api/uploads', 'POST', undefined, headers)
  return job.turn(0, (now) => {
    const first = job.bytes.slice(0, Math.min(most, now))
    return request(job, '/api/uploads', 'POST', first, { ...headers, 'Content-Type': 'application/offset+octet-stream' })
  })
}

function head(job: Uploading, location: string): Promise<Reply | Silence> {
  return request(job, location, 'HEAD', undefined, {})
}

function patch(job: Uploading, location: string, offset: number): Promise<Reply | Silence> {
  return job.turn(offset, async (most) => {
    const part = job.bytes.slice(offset, offset + most)
    const headers = {
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Checksum': `sha256 ${base64(fromHex(await sha256(part)))}`,
    }
    return request(job, location, 'PATCH', part, headers)
  })
}

async function request(
  job: Uploading,
  path: string,
  method: string,
  body: ArrayBuffer | undefined,
  headers: Record<string, string>,
): Promise<Reply | Silence> {
  const timeout_ms = BASE_TIMEOUT_MS + (body?.byteLength ?? 0) / SLOWEST_BYTES_PER_MS
  const began = Date.now()
  const answer = await exchange(
    path,
    { method, headers: { 'Tus-Resumable': '1.0.0', ...headers }, timeout_ms, ...(body ? { body } : {}) },
    job.send,
  )
  if (!answer) return { to: 'rest', untouched: Date.now() - began < AT_ONCE_MS }
  const { response, text } = answer
  const problem = problemFrom(parsed(text), response.status)
  // What neither speaks tus nor words a problem our way is not our server.
  if (!response.headers.has('tus-resumable') && !problem && response.status !== 401) {
    return { to: 'rest', portal: isPortal(response) }
  }
  return { status: response.status, headers: response.headers, problem }
}

/** What completes carries the hash of the bytes the server has on disk: that is the photo's receipt. */
export function isHeld({ status, headers }: Pick<Reply, 'status' | 'headers'>, photo: Photo): boolean {
  return status >= 200 && status < 300 && headers.get('etag') === `"${photo.sha256}"`
}

function refusal({ status, headers, problem }: Reply): UploadStep {
  const known = problem ?? { code: `status_${status}`, title: '', status, retry: status >= 500 }
  const step = afterProblem(known, headers)
  return step.to === 'told' ? { to: 'later' } : step
}

async function isDamagedHere({ photo, bytes }: Uploading): Promise<boolean> {
  return (await sha256(bytes)) !== photo.sha256
}

function offsetOf(headers: Headers): number | undefined {
  const value = headers.get('upload-offset')
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined
}

export function metadata(photo: Photo): string {
  const members: [string, string | undefined][] = [
    ['photo_id', photo.photo_id],
    ['sha256', photo.sha256],
    ['usage', photo.usage],
    ['case_id', photo.case_id ?? undefined],
    ['taken_at', new Date(photo.taken_at).toISOString()],
    ['lon', photo.lon?.toFixed(7)],
    ['lat', photo.lat?.toFixed(7)],
    ['accuracy_m', photo.accuracy_m?.toFixed(1)],
    ['filename', fileNameOf(photo)],
    ['source', photo.source],
  ]
  return members
    .filter((member): member is [string, string] => member[1] !== undefined)
    .map(([name, value]) => `${name} ${base64(utf8(value))}`)
    .join(',')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
