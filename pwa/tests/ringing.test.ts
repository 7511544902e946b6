import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { BellMessage } from '../src/api/types'
import { isToRing, loudest, standing, withoutCase } from '../src/bell/hearing'
import { likelySteps } from '../src/bell/phones'
import { change, read } from '../src/local/database'
import { remember, setting } from '../src/local/settings'
import { isNoNews, messageFrom } from '../src/ringing/message'
import { optionsFor } from '../src/ringing/notifying'
import { acknowledge, keptReceipts, sendReceipts } from '../src/ringing/receipts'
import { keepSubscribed, switchOff, switchOn } from '../src/ringing/subscribing'
import { hashOfPath, parseRoute } from '../src/ui/routes'
import { emptyPhone, zhang } from './world'

const KEY = 'BBTu4ETjs3Jf4zBzG7qcPvPLjYyPWmGgjs30hMRxF8TgXx6EpxSKdUvjuMeXvwOEDXZZ4w3rO8KjOoZ4oyO8pGM'

function aMessage(given: Partial<BellMessage> = {}): BellMessage {
  return {
    delivery_id: 'd1', kind: 'assigned', title: '新案件：暴露垃圾', body: '中州路 128 号', tag: 'case-c1', url: '/c/c1',
    urgency: 'normal', at: '2026-11-23T16:40:00+08:00', case_id: 'c1', actions: ['accept', 'navigate'], ...given,
  }
}

describe('what a push says', () => {
  it('is read, and nothing else is', () => {
    const message = aMessage()
    expect(messageFrom(JSON.stringify(message))).toEqual(message)
    for (const text of [undefined, '', 'hello', '{}', JSON.stringify({ ...message, url: 'https://elsewhere.test/' })]) {
      expect(messageFrom(text)).toBeUndefined()
    }
  })

  it('is no news when it comes twice, or after what happened later', () => {
    const before = aMessage()
    expect(isNoNews(aMessage(), before)).toBe(true)
    expect(isNoNews(aMessage({ delivery_id: 'd0', at: '2026-11-23T16:39:00+08:00' }), before)).toBe(true)
    expect(isNoNews(aMessage({ delivery_id: 'd2' }), before)).toBe(false)
  })

  it('is shown with its buttons in its language; a quiet one names no vibration', () => {
    const options = optionsFor(aMessage({ language: 'en' }), false)
    expect(options).toMatchObject({ tag: 'case-c1', renotify: true, requireInteraction: true, lang: 'en' })
    expect(options.actions!.map(({ title }) => title)).toEqual(['Accept', 'Navigate'])
    const { actions: _buttons, ...rest } = aMessage()
    const quiet = optionsFor(aMessage(), true)
    expect(quiet).toMatchObject({ silent: true, renotify: false })
    expect(quiet).not.toHaveProperty('vibrate')
    expect(optionsFor({ ...rest, kind: 'digest' }, false).requireInteraction).toBe(false)
  })

  it('opens its case, and its button the way to it', () => {
    expect(parseRoute(hashOfPath('/c/c1')!)).toMatchObject({ page: 'case', id: 'c1', navigate: false })
    expect(parseRoute(hashOfPath('/c/c1?navigate')!)).toMatchObject({ page: 'case', id: 'c1', navigate: true })
    expect(hashOfPath('/c/c1?accept')).toBeUndefined()
    expect(hashOfPath('/')).toBeUndefined()
  })
})

describe('what an open app rings for', () => {
  const now = Date.parse('2026-11-23T16:40:30+08:00')

  it('is what has just come, and what no list shows', () => {
    expect(isToRing(aMessage(), now)).toBe(true)
    expect(isToRing(aMessage({ at: '2026-11-23T16:20:00+08:00' }), now)).toBe(false)
    expect(isToRing(aMessage({ at: '2026-11-23T16:20:00+08:00', urgency: 'emergency' }), now)).toBe(true)
    expect(isToRing(aMessage({ at: '2026-11-23T16:20:00+08:00', kind: 'broadcast', case_id: null }), now)).toBe(true)
  })

  it('is as loud as the loudest, and the most pressing is never covered', () => {
    const urgent = aMessage({ delivery_id: 'd2', tag: 'case-c2', urgency: 'urgent' })
    const later = aMessage({ delivery_id: 'd3', tag: 'case-c3', at: '2026-11-23T16:45:00+08:00' })
    expect(loudest([later, urgent])).toBe('urgent')
    expect(standing([urgent], [later]).at(-1)).toBe(urgent)
    expect(standing([aMessage()], [aMessage({ delivery_id: 'd4', title: '催办' })])).toMatchObject([{ title: '催办' }])
  })

  it('goes from the screen when its case is opened, but for an emergency', () => {
    const mine = aMessage({ case_id: 'a' })
    const other = aMessage({ case_id: 'b' })
    const emergency = aMessage({ case_id: 'a', urgency: 'emergency' })
    expect(withoutCase([mine, other, emergency], 'a')).toEqual([other, emergency])
  })
})

describe('receipts', () => {
  beforeEach(emptyPhone)

  it('wait for a network, each once, and go when it is there', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    expect(await acknowledge({ delivery_id: 'd1', receipt: 'shown' })).toBe(false)
    expect(await acknowledge({ delivery_id: 'd1', receipt: 'shown' }, { delivery_id: 'd1', receipt: 'opened' })).toBe(false)
    const paths: string[] = []
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
      paths.push(`${init.method} ${path}`)
      return Promise.resolve(new Response(null, { status: 204 }))
    })
    expect(await sendReceipts()).toBe(true)
    expect(paths).toEqual(['PUT /api/alerts/d1/receipts/shown', 'PUT /api/alerts/d1/receipts/opened'])
    expect(await keptReceipts()).toEqual([])
  })

  it.each([
    [404, 0],
    [429, 1],
    [503, 1],
  ])('answered %i leave %i waiting', async (status, left) => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        Response.json({ code: 'x', title: 'x', retry: status !== 404 }, { status, headers: { 'Content-Type': 'application/problem+json' } }),
      ),
    )
    await acknowledge({ delivery_id: 'd1', receipt: 'shown' })
    expect(await keptReceipts()).toHaveLength(left)
  })

  it('are let go oldest first when nobody hears them for long', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    await acknowledge(...Array.from({ length: 130 }, (_, n) => ({ delivery_id: `d${n}`, receipt: 'shown' as const })))
    const kept = await keptReceipts()
    expect([kept.length, kept[0]!.delivery_id]).toEqual([100, 'd30'])
  })
})

describe('a subscription', () => {
  let asked: { path: string; method: string; body: Record<string, unknown> }[]
  let browser: { key: string; endpoint: string } | undefined
  let key: string
  const pushManager = {
    getSubscription: () => Promise.resolve(browser && aSubscription(browser)),
    subscribe: ({ applicationServerKey }: { applicationServerKey: string }) => {
      browser = { key: applicationServerKey, endpoint: `https://push.test/${asked.length}` }
      return Promise.resolve(aSubscription(browser))
    },
  }
  const registration = { pushManager } as unknown as ServiceWorkerRegistration

  beforeEach(async () => {
    await emptyPhone()
    await zhang()
    asked = []
    browser = undefined
    key = KEY
    vi.stubGlobal('fetch', (path: string, { method = 'GET', body }: RequestInit) => {
      asked.push({ path, method, body: body ? (JSON.parse(body as string) as Record<string, unknown>) : {} })
      if (path === '/api/push_key') return Promise.resolve(Response.json({ key }))
      return Promise.resolve(new Response(null, { status: 204 }))
    })
  })

  it('is told to the server under one id for ever', async () => {
    expect(await switchOn(registration)).toBe('on')
    const { path, body } = asked.at(-1)!
    expect(path).toMatch(/^\/api\/push_subscriptions\/[0-9a-f-]{36}$/)
    expect(body).toMatchObject({ application_server_key: KEY, language: 'zh', keys: { p256dh: 'p', auth: 'a' } })
    expect(await keepSubscribed(registration)).toBe('on')
    expect(asked.at(-1)).toMatchObject({ path, body: { endpoint: body.endpoint } })
    await switchOff(registration)
    expect(asked.at(-1)).toMatchObject({ path, method: 'DELETE' })
    expect(browser).toBeUndefined()
    expect(await keepSubscribed(registration)).toBe('off')
    expect(await switchOn(registration)).toBe('on')
    expect(asked.at(-1)!.path).toBe(path)
  })

  it('is made anew when the server has another key, or the browser has lost it', async () => {
    await switchOn(registration)
    const first = browser!.endpoint
    key = KEY.replace('BBTu', 'BBTv')
    expect(await keepSubscribed(registration)).toBe('on')
    expect(browser!.endpoint).not.toBe(first)
    browser = undefined
    expect(await keepSubscribed(registration)).toBe('on')
    expect(asked.at(-1)!.body.endpoint).toBe(browser!.endpoint)
  })

  it('says what stands in the way', async () => {
    await remember('bell', { id: 's1', on: true })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
    expect(await keepSubscribed(registration)).toBe('silence')
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ key })))
    const deaf = { pushManager: { getSubscription: () => Promise.resolve(null), subscribe: () => Promise.reject(new Error('no service')) } }
    expect(await keepSubscribed(deaf as unknown as ServiceWorkerRegistration)).toBe('no_service')
    await change(['settings'], (rows) => rows.remove('settings', 'current'))
    expect(await keepSubscribed(registration)).toBe('off')
    expect(await setting('bell')).toEqual({ id: 's1', on: true })
    expect(await read(['settings'], (rows) => rows.get('settings', 'current'))).toBeUndefined()
  })

  function aSubscription(of: { key: string; endpoint: string }) {
    return {
      options: { applicationServerKey: new Uint8Array(Buffer.from(of.key, 'base64url')).buffer },
      toJSON: () => ({ endpoint: of.endpoint, keys: { p256dh: 'p', auth: 'a' } }),
      unsubscribe: () => {
        browser = undefined
        return Promise.resolve(true)
      },
    }
  }
})

it.each([
  ['Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) AppleWebKit/537.36 Chrome/99.0 Mobile', 'huawei'],
  ['Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 XiaoMi/MiuiBrowser/18.0', 'xiaomi'],
  ['Mozilla/5.0 (Linux; Android 13; V2203A) AppleWebKit/537.36 Chrome/109.0 Mobile', 'vivo'],
  ['Mozilla/5.0 (Linux; Android 13; PGEM10) AppleWebKit/537.36 Chrome/109.0 Mobile', 'oppo'],
  ['Mozilla/5.0 (Linux; Android 13; SM-S9080) AppleWebKit/537.36 Chrome/120.0 Mobile', 'samsung'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4', 'iphone'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) MicroMessenger/8.0.47', 'wechat'],
  ['Mozilla/5.0 (Linux; Android 13; V2203A) MicroMessenger/7.0 wxwork/4.1', 'wechat'],
  ['Mozilla/5.0 (Linux; Android 11; K) AppleWebKit/537.36 Chrome/120.0 Mobile', 'android'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'desktop'],
])('the steps for %s come first as %s', (agent, steps) => {
  expect(likelySteps(agent)).toBe(steps)
})
