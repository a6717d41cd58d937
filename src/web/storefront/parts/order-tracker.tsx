import {
  CircleAlert,
  KeyRound,
  LoaderCircle,
  type LucideIcon,
  Mail,
  ReceiptText,
  ShoppingBag,
} from 'lucide-react'
import type { OrderStage } from '#web/storefront/order-stages.ts'
import { muted } from '#web/ui/tone.ts'

const icons: Readonly<Record<OrderStage['stage'], LucideIcon>> = {
  placed: ShoppingBag,
  keys: KeyRound,
  mails: Mail,
  invoice: ReceiptText,
}
const looks: Readonly<Record<OrderStage['state'], string>> = {
  done: 'bg-good-soft text-good',
  moving: 'bg-note-soft text-note',
  waiting: 'bg-sunken text-muted',
  trouble: 'bg-warn-soft text-warn',
}
const spoken: Readonly<Record<OrderStage['state'], string>> = {
  done: 'done',
  moving: 'under way',
  waiting: 'to come',
  trouble: 'needs attention',
}

/** From the order to its invoice in four stages, each in its own words. */
export function OrderTracker({ stages }: { stages: readonly OrderStage[] }) {
  return (
    <ol className="card grid gap-4 p-5 sm:grid-cols-4 sm:gap-6">
      {stages.map(({ stage, state, title, about }) => {
        const Icon = state === 'moving' ? LoaderCircle : state === 'trouble' ? CircleAlert : icons[stage]
        return (
          <li key={stage} className="flex items-start gap-3 sm:flex-col">
            <span className={`grid size-10 shrink-0 place-items-center rounded-full ${looks[state]}`}>
              <Icon size={20} aria-hidden="true" className={state === 'moving' ? 'animate-spin' : ''} />
            </span>
            <span className="min-w-0">
              <strong className="block font-semibold">
                {title}
                <span className="sr-only"> ({spoken[state]})</span>
              </strong>
              <span className={`text-sm ${muted}`}>{about}</span>
            </span>
          </li>
        )
      })}
    </ol>
  )
}
