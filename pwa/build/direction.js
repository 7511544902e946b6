// The direction of imports in src/: a room sees only rooms below it, and a file of its own. A room nobody placed fails.
import { dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), '../src')

/** Rooms of one line never import each other. */
const LINES = [['words', 'local'], ['api'], ['ui'], ['place', 'camera', 'voice'], ['outbox'], ['ringing'], ['cases', 'sync'], ['reports'], ['map', 'leading', 'checking', 'bell', 'signin'], ['suggestions', 'settings'], ['desk']]
const DOOR = LINES.length
/** A second entry, never loaded by a phone: not even the phone's own door may import it. */
const APART = 'desk'
/** The worker shares the phone's outbox and none of its screens. */
const WORKER_SEES = ['words', 'api', 'local', 'place', 'outbox', 'ringing']

export const direction = {
  meta: { type: 'problem', schema: [], messages: { up: '{{from}} may not import {{to}}: look down, or write rows and tell' } },
  create(context) {
    const check = (node) => {
      const source = node.source?.value
      if (typeof source !== 'string' || !source.startsWith('.')) return
      const to = roomOf(resolve(dirname(context.filename), source))
      if (to === undefined) return
      const from = roomOf(context.filename)
      const allowed = from === undefined ? WORKER_SEES.includes(to) : from === to || levelOf(from) > levelOf(to)
      const apart = to === APART && from !== APART
      if (!allowed || apart) context.report({ node, messageId: 'up', data: { from: from ?? 'worker', to } })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

export const words = {
  meta: { type: 'problem', schema: [], messages: { words: 'words for people live in src/words' } },
  create(context) {
    return {
      Program() {
        const text = context.sourceCode.text.replace(/\/\/.*|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '')
        const at = text.search(/\p{Script=Han}/u)
        if (at >= 0) context.report({ loc: { line: 1, column: 0 }, messageId: 'words' })
      },
    }
  },
}

function roomOf(file) {
  const path = relative(SRC, file)
  if (path.startsWith('..')) return undefined
  const [room, ...rest] = path.split(sep)
  return rest.length > 0 ? room : 'door'
}

function levelOf(room) {
  if (room === 'door') return DOOR
  const level = LINES.findIndex((line) => line.includes(room))
  if (level < 0) throw new Error(`the room ${room} has no place in build/direction.js`)
  return level
}
