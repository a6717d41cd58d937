// The form of an order on behalf: its lines with their prices, an agreed price with its reason, the approval to sell below cost, the totals.
import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Form } from 'react-router'
import { Actions, Button, IconButton, LinkButton, Submit } from '#web/ui/button.tsx'
import { Combobox, type Found } from '#web/ui/combobox.tsx'
import { Field, FormScope } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page } from '#web/ui/page.tsx'
import { useHydrated } from '#web/ui/use-hydrated.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'
import type { ShownDraft, ShownLine, TypedLine } from '../order-draft.ts'
import { useLiveAnswer } from '../use-live-answer.ts'

type Company = { readonly id: string; readonly name: string; readonly number: string }

export type OrderFor = {
  readonly customer: Company
  readonly payer: Company
  readonly currency: string
  readonly softwareCurrency: string
  readonly found: readonly Found[]
  readonly hasMore: boolean
  readonly mayApprove: boolean
}

/** What every button of the form is answered with. */
export type DraftAnswer = {
  readonly lines?: readonly TypedLine[]
  readonly found?: readonly Found[]
  readonly hasMore?: boolean
  readonly prices?: ShownDraft | undefined
  /** Why nothing could be priced at all. */
  readonly refused?: string | undefined
}

export type EditedDraft = {
  readonly id: string
  readonly number: string
  readonly reference: string
  readonly belowCostReason: string
  readonly savedAt: string
}

const first: TypedLine = { key: 'line1', planId: '', quantity: '1', unitPrice: '', reason: '' }

export function OrderDraft({
  order,
  edited,
  state,
  answer,
}: {
  order: OrderFor
  /** The draft that is edited; without one it is a new order. */
  edited?: EditedDraft
  state: FormState | undefined
  answer: DraftAnswer | undefined
}) {
  const { customer, payer, currency, softwareCurrency, mayApprove } = order
  const { form, latest, onChange, ask, isAsking } = useLiveAnswer('prices', answer, (name) =>
    priced.includes(name),
  )
  const isHydrated = useHydrated()
  const lines = answer?.lines ?? heldLines(state) ?? [first]
  const found = answer?.found ?? order.found
  const { prices, refused } = latest ?? {}
  const belowCost = lines.filter(({ key }) => prices?.lines[key]?.needsApproval)
  const isRefused = state && (state.message || Object.keys(state.errors).length > 0)
  return (
    <Page
      title={edited ? `Edit order ${edited.number} for ${customer.name}` : `New order for ${customer.name}`}
      crumbs={[
        { to: '/orders', label: 'Orders' },
        edited
          ? { to: `/orders/${edited.id}`, label: `Order ${edited.number}` }
          : { to: '/orders/new', label: 'New order' },
      ]}
    >
      {isRefused && <FormNotice state={state} />}
      <Columns
        aside={
          <Card title="For">
            <Facts
              facts={[
                ['Customer', `${customer.name}, ${customer.number}`],
                ['Billing to', `${payer.name}, ${payer.number}`],
                ['Prices in', currency === softwareCurrency && currency],
                ['Licences in', currency !== softwareCurrency && currency],
                ['Software in', currency !== softwareCurrency && softwareCurrency],
              ]}
            />
          </Card>
        }
      >
        <Form ref={form} method="post" className="grid gap-5" onChange={onChange}>
          {/* The first button of the form, so that Enter in a field shows prices and never orders. */}
          <button name="intent" value="prices" tabIndex={-1} aria-hidden="true" className="sr-only">
            Show prices
          </button>
          {edited && <input type="hidden" name="savedAt" value={edited.savedAt} />}
          <Card title="Products">
            {!isHydrated && <Find state={state} hasMore={answer?.hasMore ?? order.hasMore} />}
            {found.length === 0 && (
              <Notice tone="warning">{`There is no software, and no licence has a price in ${currency}.`}</Notice>
            )}
            <ol className="grid gap-4">
              {lines.map((line, at) => (
                <Line
                  key={line.key}
                  at={at}
                  line={line}
                  found={found}
                  searchPath={`/orders/new/products?customer=${customer.id}`}
                  price={prices?.lines[line.key]}
                  errors={state?.errors ?? {}}
                  mayGo={lines.length > 1}
                  onChosen={ask}
                />
              ))}
            </ol>
            <Actions>
              <Button name="intent" value="more">
                Add a line
              </Button>
              {!isHydrated && (
                <Button name="intent" value="prices" tone="quiet">
                  Show prices
                </Button>
              )}
            </Actions>
          </Card>
          {(belowCost.length > 0 || state?.code === 'price/below-cost') && (
            <BelowCost mayApprove={mayApprove} given={edited?.belowCostReason ?? ''} state={state} />
          )}
          <Card title="Order">
            {refused && <Notice tone="danger">{refused}</Notice>}
            <Totals draft={prices} isAsking={isAsking} />
            <div className="max-w-xl">
              <Field
                label="Reference"
                name="reference"
                isOptional
                hint="For example the customer's order number."
                defaultValue={edited?.reference ?? ''}
                state={state}
              />
            </div>
            <Actions>
              {edited ? (
                <>
                  <Submit name="intent" value="draft">
                    Save draft
                  </Submit>
                  <LinkButton to={`/orders/${edited.id}`} tone="quiet">
                    Leave it as it was
                  </LinkButton>
                </>
              ) : (
                <>
                  <Submit name="intent" value="create">
                    Create order
                  </Submit>
                  <Button name="intent" value="draft">
                    Save as draft
                  </Button>
                </>
              )}
            </Actions>
          </Card>
        </Form>
      </Columns>
    </Page>
  )
}

/** A form that was held while its sender signed in again has the lines in its values. */
function heldLines(state: FormState | undefined): TypedLine[] | undefined {
  const listOf = (name: string) => [state?.values[name] ?? []].flat()
  const keys = listOf('line')
  if (keys.length === 0) return undefined
  return keys.map((key, at) => ({
    key,
    planId: listOf('planId')[at] ?? '',
    quantity: listOf('quantity')[at] ?? '',
    unitPrice: listOf('unitPrice')[at] ?? '',
    reason: listOf('reason')[at] ?? '',
  }))
}

const priced = ['planId', 'quantity', 'unitPrice']

/** Without scripts the drop-downs hold the first hundred; this narrows them. */
function Find({ state, hasMore }: { state: FormState | undefined; hasMore: boolean }) {
  return (
    <>
      <div className="flex max-w-xl items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field label="Show only products with" name="find" type="search" state={state} />
        </div>
        <Button name="intent" value="find">
          Find
        </Button>
      </div>
      {hasMore && <p className="text-muted">There are more products than the lists show. Search for them.</p>}
    </>
  )
}

function Line({
  at,
  line,
  found,
  searchPath,
  price,
  errors,
  mayGo,
  onChosen,
}: {
  at: number
  line: TypedLine
  found: readonly Found[]
  searchPath: string
  price: ShownLine | undefined
  errors: Readonly<Record<string, string>>
  mayGo: boolean
  onChosen: () => void
}) {
  const chosen = found.find(({ id }) => id === line.planId)
  const [about, setAbout] = useState(chosen?.about)
  const errorOf = (field: string) => errors[`${line.key}-${field}`]
  const number = at + 1
  return (
    // The names a fault of this line goes by begin with its key.
    <FormScope name={line.key}>
      <li className="grid gap-3 rounded-lg border border-line p-4">
        <input type="hidden" name="line" value={line.key} />
        <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_6rem_9rem]">
          <Combobox
            label={`Product ${number}`}
            name="planId"
            searchPath={searchPath}
            found={found}
            chosen={chosen}
            hint={about}
            error={errorOf('planId')}
            placeholder="None"
            onChosen={(item) => {
              setAbout(item?.about)
              onChosen()
            }}
          />
          <Field
            label={`Quantity ${number}`}
            name="quantity"
            inputMode="numeric"
            defaultValue={line.quantity}
            error={errorOf('quantity')}
          />
          <div className="flex items-start justify-between gap-2 sm:justify-end">
            <output className="grid gap-0.5 sm:pt-7 sm:text-right" aria-label={`Price ${number}`}>
              {price && !price.problem && (
                <>
                  <span className="font-semibold tabular-nums">{price.net}</span>
                  {price.parts.map((part, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: parts do not move
                    <span key={at} className="text-[0.9286em] text-muted tabular-nums">
                      {part.label || `${part.unitPrice} each`}
                    </span>
                  ))}
                </>
              )}
            </output>
            {mayGo && (
              <IconButton
                label={`Remove line ${number}`}
                name="intent"
                value={`remove ${line.key}`}
                className="aspect-square !p-1.5 sm:mt-6"
              >
                <X size={16} aria-hidden="true" />
              </IconButton>
            )}
          </div>
        </div>
        {price?.problem && !errorOf('planId') && !errorOf('quantity') && (
          <Notice tone="warning">{price.problem}</Notice>
        )}
        {price?.margin && (
          <p className={`text-[0.9286em] ${price.needsApproval ? 'font-medium text-bad' : 'text-muted'}`}>
            {price.needsApproval && 'Below cost. '}
            {price.margin}
          </p>
        )}
        <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
          {price?.parts.map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what is open stays open when the price changes
            <div key={at} className="min-w-0 has-[details[open]]:basis-full">
              <WhyPrice steps={part.steps} label={part.label ? `Why ${part.label}?` : 'Why this price?'} />
            </div>
          ))}
          <AgreedPrice line={line} errorOf={errorOf} currency={price?.currency} number={number} />
        </div>
      </li>
    </FormScope>
  )
}

function AgreedPrice({
  line,
  errorOf,
  currency,
  number,
}: {
  line: TypedLine
  errorOf: (field: string) => string | undefined
  currency: string | undefined
  number: number
}) {
  const isOpen =
    line.unitPrice !== '' || line.reason !== '' || Boolean(errorOf('unitPrice') ?? errorOf('reason'))
  return (
    <details open={isOpen} className="min-w-0 open:basis-full">
      <summary className="inline-flex min-h-6 items-center text-[0.9286em] font-medium text-brand-text hover:underline">
        Agree another price
      </summary>
      <div className="mt-1.5 grid items-start gap-3 sm:grid-cols-[12rem_minmax(0,1fr)]">
        <Field
          label={`Agreed price ${number}`}
          name="unitPrice"
          inputMode="decimal"
          defaultValue={line.unitPrice}
          error={errorOf('unitPrice')}
          hint={`${currency ? `In ${currency}, for` : 'For'} one licence and the whole term, without VAT. Takes the place of price list and discounts.`}
        />
        <Field
          label={`Reason ${number}`}
          name="reason"
          defaultValue={line.reason}
          error={errorOf('reason')}
          maxLength={500}
          hint="Kept with the order, with your name."
        />
      </div>
    </details>
  )
}

function BelowCost({
  mayApprove,
  given,
  state,
}: {
  mayApprove: boolean
  given: string
  state: FormState | undefined
}) {
  if (!mayApprove)
    return (
      <Notice tone="warning" title="Below cost">
        What is marked is below its cost. It is ordered only with the approval of somebody who has the right,
        an administrator for example: save it as a draft and ask one of them to submit it, or agree on a
        higher price.
      </Notice>
    )
  return (
    <Card title="Sell below cost">
      <p className="text-muted">
        What is marked is below its cost. It is ordered only with your approval, which is kept with the order
        and in the audit log; a draft may wait for it.
      </p>
      <div className="max-w-xl">
        <Field
          label="Why it is approved"
          name="belowCostReason"
          maxLength={500}
          isOptional
          hint="Left blank, nothing below cost is ordered."
          defaultValue={given}
          state={state}
        />
      </div>
    </Card>
  )
}

function Totals({ draft, isAsking }: { draft: ShownDraft | undefined; isAsking: boolean }) {
  const totals = draft?.totals ?? []
  return (
    <div aria-live="polite" aria-busy={isAsking} className="grid gap-4">
      {totals.length > 1 && (
        <Notice tone="warning">
          An order has one currency. Licences are priced in the currency of who pays, software in that of the
          customer: place them as two orders.
        </Notice>
      )}
      {totals.map((total) => (
        <Facts
          key={total.currency}
          facts={[
            ['Net', <Amount key="n">{total.net}</Amount>],
            ['VAT', <Amount key="v">{total.tax}</Amount>],
            ['Total', <Amount key="t">{<strong>{total.total}</strong>}</Amount>],
            ['Cost', total.cost && `${total.cost}, ${total.margin}`],
          ]}
        />
      ))}
      {draft?.taxNote && totals.length > 0 && <p className="text-muted">{draft.taxNote}</p>}
    </div>
  )
}

const Amount = ({ children }: { children: ReactNode }) => <span className="tabular-nums">{children}</span>
