import { createApp } from 'vue'
import { recallClock } from '../api/clock'
import { lookAsChosen } from '../ui/looks'
import { startDeeds } from './acts/deeds'
import Desk from './Desk.vue'
import { speakInControls } from './parts/element'
import { startKeys } from './shell/keys'
import { startRouting } from './shell/routes'
import { arrive } from './shell/session'
import { speakAtDesk } from './shell/speaking'
import '../ui/tokens.css'
import './look/base.css'
import './look/parts.css'
import './look/element.css'

async function start() {
  await Promise.all([speakAtDesk(), lookAsChosen()])
  await Promise.all([recallClock(), startDeeds()]).catch(() => undefined)
  startRouting()
  startKeys()
  const app = createApp(Desk)
  speakInControls(app)
  app.mount('#desk')
  await arrive()
}

void start()
