// Where somebody is signed in, as pages show it.
import type { Session } from '#modules/users'
import { momentDisplay } from '#web/format.ts'

/** `isThis`: the one that looks. */
export function sessionShown({ createdAt, seenAt, ip, userAgent, isThis }: Session & { isThis?: boolean }) {
  return {
    key: createdAt.toString(),
    since: momentDisplay(createdAt),
    seen: momentDisplay(seenAt),
    from: ip,
    agent: userAgent,
    isThis,
  }
}

export type SessionShown = ReturnType<typeof sessionShown>
