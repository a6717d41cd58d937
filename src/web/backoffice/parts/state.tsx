import { Badge } from '#web/ui/badge.tsx'
import type { Tone } from '#web/ui/tone.ts'

const toneOf: Readonly<Record<string, Tone>> = {
  active: 'success',
  synchronized: 'success',
  delivered: 'success',
  executed: 'success',
  sent: 'success',
  completed: 'success',
  issued: 'success',
  paid: 'success',
  'partly paid': 'warning',
  overdue: 'danger',
  published: 'success',
  'in force': 'success',
  added: 'success',
  removed: 'warning',
  'was in force': 'neutral',
  unsupported: 'warning',
  ready: 'success',
  accepted: 'success',
  Successful: 'success',
  'partly delivered': 'warning',
  'on hold': 'warning',
  retry: 'warning',
  'awaiting key': 'warning',
  requested: 'warning',
  expiring: 'warning',
  'low stock': 'warning',
  discontinued: 'warning',
  withheld: 'warning',
  'no price': 'warning',
  'application off': 'warning',
  'costs nothing': 'danger',
  failed: 'danger',
  blocked: 'danger',
  expired: 'danger',
  refused: 'danger',
  declined: 'danger',
  Rejected: 'danger',
  invoiced: 'success',
  suspended: 'warning',
  'being cancelled': 'warning',
  due: 'warning',
  credited: 'neutral',
  waived: 'neutral',
  dropped: 'neutral',
  cancelled: 'neutral',
  inactive: 'neutral',
  withdrawn: 'neutral',
  draft: 'neutral',
  followed: 'neutral',
  ended: 'neutral',
  hidden: 'neutral',
  None: 'neutral',
  unsynchronised: 'neutral',
  credit: 'neutral',
}

/** A state in the words of the trade, with its tone: the same on every list and page. */
export function State({ children }: { children: string }) {
  return (
    <Badge tone={toneOf[children] ?? 'info'}>
      <span className="inline-block first-letter:uppercase">{children}</span>
    </Badge>
  )
}
