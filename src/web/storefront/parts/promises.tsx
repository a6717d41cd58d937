import { CalendarClock, KeyRound, type LucideIcon, Mail, ReceiptText, RefreshCw, Undo2 } from 'lucide-react'
import { muted } from '#web/ui/tone.ts'

type Promised = { Icon: LucideIcon; title: string; text: string }

/** What a buyer of licences may count on, before they ask. */
export function LicencePromises({ returnDays }: { returnDays: number | undefined }) {
  const all: (Promised | undefined)[] = [
    {
      Icon: Mail,
      title: 'In your inbox within minutes',
      text: 'Each licence comes in an e-mail of its own.',
    },
    {
      Icon: KeyRound,
      title: 'A key for every licence',
      text: 'With its activation link; both stay in your licences.',
    },
    returnDays === undefined
      ? undefined
      : {
          Icon: Undo2,
          title: `${returnDays} days to change your mind`,
          text: 'An unused licence can be given back and is credited in full.',
        },
    {
      Icon: ReceiptText,
      title: 'Charged when delivered',
      text: 'The invoice names what arrived, and nothing else.',
    },
  ]
  return <Promises all={all.filter((each) => each !== undefined)} />
}

const anyQuantity: Promised = {
  Icon: CalendarClock,
  title: 'One line, any quantity',
  text: 'Ten licences are one record with one price and one invoice.',
}

/** The same of software; how many days there are to cancel is the cancellation policy's to say, on the subscription's page. */
export function SoftwarePromises({ isPerpetual }: { isPerpetual: boolean }) {
  if (isPerpetual)
    return (
      <Promises
        all={[
          {
            Icon: KeyRound,
            title: 'Bought once, yours to keep',
            text: 'No term, no renewal, no further invoice.',
          },
          {
            Icon: Undo2,
            title: 'Time to change your mind',
            text: 'Cancel while the window is open, and everything comes back.',
          },
          {
            Icon: ReceiptText,
            title: 'Charged when delivered',
            text: 'The invoice names what arrived, and nothing else.',
          },
          anyQuantity,
        ]}
      />
    )
  return (
    <Promises
      all={[
        {
          Icon: ReceiptText,
          title: 'A price that stays',
          text: 'What you pay holds for the whole term, whatever lists say later.',
        },
        {
          Icon: Undo2,
          title: 'Time to change your mind',
          text: 'Cancel in the first days: everything back at first, then by the day.',
        },
        {
          Icon: RefreshCw,
          title: 'Renews if you want it to',
          text: 'A switch in your subscriptions, and a notice well before the end.',
        },
        anyQuantity,
      ]}
    />
  )
}

function Promises({ all }: { all: readonly Promised[] }) {
  return (
    <ul className="grid gap-4 sm:grid-cols-2">
      {all.map(({ Icon, title, text }) => (
        <li key={title} className="flex gap-3">
          <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-brand-soft text-brand-text">
            <Icon size={18} aria-hidden="true" />
          </span>
          <span>
            <strong className="block font-medium">{title}</strong>
            <span className={`text-sm ${muted}`}>{text}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
