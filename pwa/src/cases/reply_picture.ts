// 回复拼图: before and after side by side with number, place and time, to be sent to whoever called. Drawn on the phone.
import { letGo } from '../ui/pictures'
import { momentWords } from '../words/times'
import { t, word } from '../words/words'
import { sourceOf } from './enlarging'
import type { Seen } from './photo_groups'
import { photoGroups } from './photo_groups'
import { titleOf, type ShownCase } from './showing'

export interface ReplyPicture {
  before: Seen | undefined
  after: Seen
  title: string
  lines: string[]
}

const SIDE_PX = 720
const HEIGHT_PX = 960
const GAP_PX = 12
const BAND_PX = 300
const MARGIN_PX = 36
const JPEG_QUALITY = 0.85
const SANS = "'PingFang SC','HarmonyOS Sans SC','MiSans','Microsoft YaHei','Noto Sans CJK SC',sans-serif"

/** undefined: nothing was photographed after the work, so there is nothing to show. */
export function replyPictureOf(shown: ShownCase, photos: Seen[], now: number): ReplyPicture | undefined {
  const { truth } = shown
  const there = photos.filter((photo) => !photo.missing && !photo.refused)
  const of = (kind: string) => photoGroups(there, []).find((group) => group.kind === kind)?.photos ?? []
  const after = of('after').pop()
  if (!after) return undefined
  const done_at = handedInAt(shown)
  const place = truth.address || truth.grid_code
  const lines = [
    truth.case_no && t('case.number', { no: truth.case_no }),
    place && t('reply.place', { place }),
    t('reply.time', { time: momentWords(done_at ?? now, NaN) }),
    truth.unit && t('reply.unit', { name: truth.unit.name }),
  ]
  return { before: of('before')[0], after, title: titleOf(truth), lines: lines.filter((line): line is string => !!line) }
}

/** When the work was handed in, by this phone's own act or the journal; ms. */
function handedInAt({ truth, own }: ShownCase): number | undefined {
  const closure = own.filter((act) => act.act === 'closures').pop()
  if (closure) return closure.made_at
  return truth.handled_at === null ? undefined : Date.parse(truth.handled_at)
}

export async function drawReply(picture: ReplyPicture, case_no: string): Promise<File> {
  const shown = picture.before ? [picture.before, picture.after] : [picture.after]
  const images = await Promise.all(shown.map(loaded))
  const canvas = document.createElement('canvas')
  canvas.width = SIDE_PX * shown.length + GAP_PX * (shown.length - 1)
  canvas.height = HEIGHT_PX + BAND_PX
  const pen = canvas.getContext('2d')!
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  images.forEach((image, n) => {
    const left = n * (SIDE_PX + GAP_PX)
    covered(pen, image, left)
    caption(pen, word('usage', shown[n] === picture.after ? 'after' : 'before'), left)
  })
  written(pen, picture, canvas.width)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY))
  if (!blob) throw new DOMException('not encoded', 'EncodingError')
  return new File([blob], `${case_no.replace(/[^\p{L}\p{N}-]+/gu, '') || 'case'}.jpg`, { type: 'image/jpeg' })
}

async function loaded(photo: Seen): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = await sourceOf(photo)
  await image.decode().finally(() => letGo(image.src))
  return image
}

/** The whole height and width, the middle of what is too long, as `object-fit: cover`. */
function covered(pen: CanvasRenderingContext2D, image: HTMLImageElement, left: number): void {
  const scale = Math.max(SIDE_PX / image.naturalWidth, HEIGHT_PX / image.naturalHeight)
  const [width, height] = [SIDE_PX / scale, HEIGHT_PX / scale]
  pen.drawImage(image, (image.naturalWidth - width) / 2, (image.naturalHeight - height) / 2, width, height, left, 0, SIDE_PX, HEIGHT_PX)
}

function caption(pen: CanvasRenderingContext2D, words: string, left: number): void {
  pen.font = `600 40px ${SANS}`
  const width = pen.measureText(words).width + 48
  pen.fillStyle = 'rgba(8,16,13,0.78)'
  pen.fillRect(left + 24, 24, width, 72)
  pen.fillStyle = '#fff'
  pen.textBaseline = 'middle'
  pen.fillText(words, left + 48, 62)
}

function written(pen: CanvasRenderingContext2D, { title, lines }: ReplyPicture, width: number): void {
  const room = width - 2 * MARGIN_PX
  pen.textBaseline = 'alphabetic'
  pen.fillStyle = '#00564a'
  pen.font = `700 52px ${SANS}`
  pen.fillText(title, MARGIN_PX, HEIGHT_PX + 76, room)
  pen.fillStyle = '#10201a'
  pen.font = `400 36px ${SANS}`
  lines.forEach((line, n) => pen.fillText(line, MARGIN_PX, HEIGHT_PX + 130 + n * 48, room))
}
