// What to set on which phone, so that it rings with the app closed. Names of menus as the makers' newer systems have them.

const battery = 'Battery: let the browser run without limits, so that the system does not end it in the background'
const test = 'Back to Me → Bell, and press "Test ring"'

export const why_en = {
  huawei: {
    name: 'Huawei (HarmonyOS)',
    steps: [
      'Settings → Apps & services → Launch manager → your browser: switch "Manage automatically" off; allow auto-launch, secondary launch and running in background',
      'Settings → Notifications & status bar → your browser: allow notifications, lock screen, banners, ringtone, vibration',
      'A Huawei phone without Google services gets no web notifications while the browser is closed: ask your unit for WeCom messages, or leave this app open',
      test,
    ],
  },
  honor: {
    name: 'Honor (MagicOS)',
    steps: [
      'Settings → Apps & services → Launch manager → your browser: manage manually, allow all three',
      'Settings → Notifications & status bar → your browser: allow notifications, lock screen, banners, ringtone, vibration',
      battery,
      test,
    ],
  },
  xiaomi: {
    name: 'Xiaomi, Redmi (MIUI, HyperOS)',
    steps: [
      'Settings → Apps → Manage apps → your browser: switch "Autostart" on; "Battery saver": no restrictions',
      'On the same page "Notifications": allow them, with floating, lock screen, sound, vibration',
      'In the recent apps, hold (or pull down) the browser and lock it',
      'Settings → Additional settings: where there is "Google basic services", switch it on',
      test,
    ],
  },
  oppo: {
    name: 'OPPO, OnePlus, realme (ColorOS)',
    steps: [
      'Settings → Apps → Auto launch: allow your browser',
      'Settings → Battery → More → App battery management → your browser: allow background activity',
      'Settings → Notification & status bar → your browser: allow notifications, lock screen, banners, sound, vibration',
      'Lock the browser in the recent apps',
      test,
    ],
  },
  vivo: {
    name: 'vivo, iQOO (OriginOS)',
    steps: [
      'Settings → Apps & permissions → Permissions → Autostart: allow your browser',
      'Settings → Battery → Background power consumption → your browser: allow high consumption',
      'Settings → Notifications & status bar → your browser: allow notifications, lock screen, floating, sound, vibration',
      'Lock the browser in the recent apps',
      test,
    ],
  },
  samsung: {
    name: 'Samsung (One UI)',
    steps: [
      'Settings → Battery → Background usage limits → Never sleeping apps: add your browser',
      'Settings → Notifications → your browser: on, with alerts',
      'Phones sold in mainland China: Settings → Google, where it opens, enable the services',
      test,
    ],
  },
  android: {
    name: 'Other Android phones',
    steps: [
      'Open this app in Chrome, Edge or Firefox, not inside WeChat or another app',
      'Browser menu → Add to home screen (install), and open it from there',
      'System settings: allow the browser notifications, sound and the lock screen',
      battery,
      'If it says that the push service cannot be reached, Google most likely cannot: ask your unit for WeCom messages, or leave this app open',
      test,
    ],
  },
  iphone: {
    name: 'iPhone',
    steps: [
      'iOS 16.4 or newer: Settings → General → Software Update',
      'Open this app in Safari, tap Share, then "Add to Home Screen"',
      'Open it from the icon there, sign in, Me → Bell → "Switch on", and allow',
      'Settings → Notifications → Moshao: allow, with lock screen, banners and sounds',
      'It is silent in a Focus mode or when muted: add Moshao to the allowed apps',
      test,
    ],
  },
  wechat: {
    name: 'Opened inside WeChat or WeCom',
    steps: [
      'Pages inside WeChat can neither ring in the background nor open without a network',
      'Tap "…" at the top right → open in browser, then add this app to the home screen',
      'Where your unit has WeCom messages, a case rings like a chat: ask your crew leader whether you are on the list',
    ],
  },
  desktop: {
    name: 'Computer',
    steps: [
      'Open it in Chrome, Edge or Firefox; click the icon left of the address and allow notifications',
      'Windows: Settings → System → Notifications, allow the browser, switch "Do not disturb" off',
      'The browser must be running; Edge and Chrome can go on in the background when their windows are closed',
      test,
    ],
  },
} as const
