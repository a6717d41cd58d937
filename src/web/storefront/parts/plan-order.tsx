import { type ReactNode, useEffect, useRef } from 'react'
import { Form, useLocation, useNavigate, useNavigation } from 'react-router'
import type { WhyStep } from '#web/explained.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { QuantityField } from '#web/ui/quantity-field.tsx'
import { muted } from '#web/ui/tone.ts'
import { useHydrated } from '#web/ui/use-hydrated.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'
import { type FormState, faultOf, typedIn } from '../form-state.ts'

/** What a quantity of a plan costs, told on the server. */
export type PlanTotal = {
  readonly unitPrice: string
  readonly total: string
  readonly each: string
  /** How the total is paid where it is paid in parts. */
  readonly payments: string | undefined
  /** Delivered as a key. */
  readonly isLicence: boolean
  /** The label of an indicative price: for whom it is assumed. */
  readonly indicative: string | undefined
  readonly why: readonly WhyStep[]
}

type Given = {
  name: string
  variant: string
  quantity: number
  least: number
  most: number
  quantityNotes: readonly string[]
  total: PlanTotal | undefined
  /** Why there is no total. */
  trouble: string | undefined
  state: FormState | undefined
  /** Fields beside the quantity, and the buttons. */
  children: ReactNode
}

/**
 * How many of a plan, and what they cost together: the page that adds to the basket, and that of "Change". The quantity stands in the
 * address; with scripts it is asked for while one types, without them by the button beside it.
 */
export function PlanOrder({ quantity, least, most, state, total, trouble, children, ...about }: Given) {
  const look = useTotalOf()
  const hasScripts = useHydrated()
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)] lg:gap-10">
      <Card title="How many licences?">
        <Form method="post" className="grid gap-5" id="plan-order">
          <FormNotice state={state} />
          <div className="flex flex-wrap items-end gap-2">
            <QuantityField
              label="Quantity"
              name="quantity"
              min={least}
              max={most}
              required
              defaultValue={typedIn(state, 'quantity', String(quantity))}
              error={faultOf(state, 'quantity')}
              hint={least > 1 ? `Sold from ${least} licences on.` : undefined}
              onChange={(event) => look(event.currentTarget.value)}
            />
          </div>
          {about.quantityNotes.length > 0 && (
            <ul className={`grid gap-1 text-sm ${muted}`}>
              {about.quantityNotes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
          {children}
          {!hasScripts && (
            <button type="submit" className="button justify-self-start" formMethod="get" formNoValidate>
              Show the total for this quantity
            </button>
          )}
        </Form>
      </Card>
      <Card title="Price">
        <p className={`text-sm ${muted}`}>
          {about.name} · {about.variant}
        </p>
        {total ? (
          <Total quantity={quantity} total={total} name={about.name} />
        ) : (
          <p>{trouble ?? 'There is no price for it at the moment.'}</p>
        )}
      </Card>
    </div>
  )
}

function Total({ quantity, total, name }: { quantity: number; total: PlanTotal; name: string }) {
  const line = 'flex items-baseline justify-between gap-4'
  return (
    <>
      <dl className="grid gap-1.5 tabular-nums" aria-live="polite">
        <div className={line}>
          <dt className={muted}>
            {quantity} × {total.unitPrice}
            <span className="block text-sm">{total.each}</span>
          </dt>
          <dd>{total.total}</dd>
        </div>
        <div className={`${line} border-t border-line pt-2 font-medium`}>
          <dt>Total, excl. VAT</dt>
          <dd className="text-xl font-semibold">{total.total}</dd>
        </div>
      </dl>
      <p className="text-sm">
        {total.payments ??
          (total.isLicence
            ? 'Invoiced once, for the licences that are delivered.'
            : 'Invoiced once, in advance, as soon as the software is ready.')}
        {total.payments && '. The first is invoiced as soon as the software is ready.'}
      </p>
      {total.indicative && (
        <p className="rounded-lg bg-note-soft px-3.5 py-2.5 text-sm">
          <strong className="font-medium text-note">Indicative price</strong> for {total.indicative}. The
          right one comes with the end customer, on the first page of the basket.
        </p>
      )}
      <WhyPrice steps={total.why} of={name} />
    </>
  )
}

/** Asks for the total of what is being typed, a moment after the last key. */
function useTotalOf(): (quantity: string) => void {
  const navigate = useNavigate()
  const { search } = useLocation()
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const { state } = useNavigation()
  // What is sent has the last word: asking for a total now would call off the navigation that follows it.
  const isSending = state === 'submitting'
  useEffect(() => {
    if (isSending) clearTimeout(waiting.current)
    return () => clearTimeout(waiting.current)
  }, [isSending])
  return (quantity) => {
    clearTimeout(waiting.current)
    if (!/^\d{1,6}$/.test(quantity)) return
    waiting.current = setTimeout(() => {
      const asked = new URLSearchParams(search)
      asked.set('quantity', quantity)
      void navigate(`?${asked}`, { replace: true, preventScrollReset: true })
    }, 300)
  }
}
