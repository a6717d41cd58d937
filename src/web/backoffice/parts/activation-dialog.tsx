// Asks before a notification is activated, and says in plain words whom it would reach. Opens by itself when the server has counted; without
// scripts it stands open below the form.
import { useEffect, useId, useRef } from 'react'
import { Link } from 'react-router'
import { Button } from '#web/ui/button.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'

export type ReachShown = { readonly onlyNew: boolean } & (
  | { readonly whyNot: string }
  | {
      readonly whyNot?: undefined
      readonly words: string
      readonly mails: number
      readonly recipients: number
      readonly isMore: boolean
      readonly isCounted: boolean
      readonly examples: readonly {
        readonly record: string
        readonly customer: string
        readonly to: readonly string[]
      }[]
    }
)

export function ActivationDialog({ name, reach }: { name: string; reach: ReachShown }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const isHydrated = useHydrated()
  // Each count is another question.
  useEffect(() => {
    if (reach && isHydrated && !dialog.current?.open) dialog.current?.showModal()
  }, [isHydrated, reach])
  const close = () => dialog.current?.close()
  return (
    <dialog
      ref={dialog}
      open={!isHydrated}
      aria-labelledby={heading}
      closedby="any"
      className={`w-full max-w-lg rounded-2xl border border-line bg-raised p-6 shadow-pop max-sm:max-w-[calc(100vw-2rem)] ${isHydrated ? 'open:animate-[appear_0.15s]' : 'static'}`}
    >
      <div className="grid gap-4">
        <h2 id={heading} className="text-lg font-semibold">
          Activate “{name}”?
        </h2>
        <Words reach={reach} />
        <div className="flex flex-wrap justify-end gap-2">
          {isHydrated ? (
            <Button type="button" tone="quiet" onClick={close}>
              Not now
            </Button>
          ) : (
            <Link to="" className="button" data-look="quiet">
              Not now
            </Link>
          )}
          <Button tone="primary" name="intent" value="activate" onClick={() => setTimeout(close)}>
            {sends(reach) ? `Activate and send ${mailsOf(reach)}` : 'Activate'}
          </Button>
        </div>
      </div>
    </dialog>
  )
}

type Counted = Extract<ReachShown, { words: string }>

const sends = (reach: ReachShown): reach is Counted =>
  reach.whyNot === undefined && !reach.onlyNew && (reach.mails > 0 || !reach.isCounted)

const number = (value: number, isMore: boolean) => `${value.toLocaleString('en')}${isMore ? '+' : ''}`

function mailsOf({ mails, isMore, isCounted }: Counted): string {
  if (!isCounted) return 'them'
  return mails === 1 ? '1 mail' : `${number(mails, isMore)} mails`
}

const recipientsOf = ({ recipients, isMore }: Counted) =>
  recipients === 1 ? '1 recipient' : `${number(recipients, isMore)} recipients`

function Words({ reach }: { reach: ReachShown }) {
  const fromNowOn = 'What happens from now on is mailed.'
  if (reach.whyNot !== undefined) return <p>Nobody is mailed now. {fromNowOn}</p>
  if (reach.onlyNew)
    return (
      <>
        <p>
          <strong>Nobody is mailed now.</strong> {fromNowOn}
        </p>
        {reach.isCounted && reach.mails > 0 && (
          <p className="text-muted">
            {`Today ${number(reach.mails, reach.isMore)} ${reach.mails === 1 ? 'record matches' : 'records match'} (${reach.words}). “Only new records” leaves them alone.`}
          </p>
        )}
      </>
    )
  if (!reach.isCounted)
    return (
      <p>
        <strong>Nobody knows how many mails are sent now</strong>, about {reach.words}: counting them took too
        long, so there may be very many.
        {` ${fromNowOn}`}
      </p>
    )
  if (reach.mails === 0)
    return (
      <p>
        Nothing matches today ({reach.words}): nobody is mailed now. {fromNowOn}
      </p>
    )
  return (
    <>
      <p>
        <strong>
          {mailsOf(reach)} to {recipientsOf(reach)}
        </strong>{' '}
        {reach.mails === 1 ? 'is' : 'are'} sent now, about {reach.words}. What happens from now on is mailed
        as well.
      </p>
      <div>
        <p className="text-muted">For example:</p>
        <ul className="mt-1 grid gap-2">
          {reach.examples.map(({ record, customer, to }) => (
            <li key={record} className="rounded-lg bg-sunken px-3 py-2">
              <span className="font-medium">{record}</span>, {customer}
              <span className="block break-words text-muted">to {to.join(', ')}</span>
            </li>
          ))}
        </ul>
      </div>
      <p className="text-muted">
        Each record is mailed once; those this notification was sent for before are left out. To mail nobody
        now, tick “Only new records”.
      </p>
    </>
  )
}
