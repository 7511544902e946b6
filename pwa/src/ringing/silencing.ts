import { endSubscription } from './subscribing'

/** With its person the bell goes: nothing of his is shown here any more, and nothing more is sent here for him. */
export async function silenceBell(): Promise<void> {
  const registration = await (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.getRegistration()
  if (!registration) return
  for (const one of await registration.getNotifications()) one.close()
  await (navigator as { clearAppBadge?: () => Promise<void> }).clearAppBadge?.().catch(() => undefined)
  // The server forgets this browser with the session; nobody waits for a push service that can't be reached.
  if (registration.pushManager) void endSubscription(registration).catch(() => undefined)
}
