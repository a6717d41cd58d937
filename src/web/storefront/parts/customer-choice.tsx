import type { ReactNode } from 'react'
import { Form } from 'react-router'
import type { LineRow } from '#web/storefront/shown.ts'
import { SmallButton, Submit } from '#web/ui/button.tsx'
import { Combobox, type Found } from '#web/ui/combobox.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { muted } from '#web/ui/tone.ts'
import { type FormState, faultOf, typedIn } from '../form-state.ts'
import { ItemTicks } from './item-ticks.tsx'

/** One of the reseller's customers for items nobody has one for; sends `choose` with `customerId` and `itemId`. */
export function CustomerChoice({
  items,
  basketId,
  found,
  q,
  state,
  children,
}: {
  items: readonly LineRow[]
  basketId: string
  found: readonly Found[]
  q: string
  state: FormState | undefined
  /** More buttons of the form. */
  children?: ReactNode
}) {
  return (
    <>
      <FormNotice state={state} />
      {/* Without scripts this search form finds the customer; with them the field below searches while you type. */}
      <noscript>
        <form method="get" className="flex gap-2">
          <input
            name="q"
            defaultValue={q}
            aria-label="Search your customers"
            placeholder="Name, number, city, e-mail…"
            className="input flex-1"
          />
          <button type="submit" className="button">
            Search
          </button>
        </form>
      </noscript>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="basketId" value={basketId} />
        <Combobox
          key={items.length}
          label="End customer"
          name="customerId"
          searchPath="/customers/search.json"
          found={found}
          chosen={found.find(({ id }) => id === typedIn(state, 'customerId'))}
          error={faultOf(state, 'customerId')}
        />
        <ItemTicks items={items} state={state} />
        <div className="grid gap-2 sm:flex sm:flex-wrap sm:items-center">
          <Submit name="intent" value="choose">
            Use this customer
          </Submit>
          {children}
        </div>
      </Form>
    </>
  )
}

export type ChosenParty = {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly items: readonly LineRow[]
}

/** Who gets what so far, each with the way back. */
export function ChosenParties({ parties, basketId }: { parties: readonly ChosenParty[]; basketId: string }) {
  return (
    <ul className="grid gap-3">
      {parties.map((party) => (
        <li key={party.id} className="flex flex-wrap items-center justify-between gap-3 card p-4">
          <span>
            <span className={`text-sm ${muted}`}>For </span>
            <strong className="font-medium">{party.name}</strong>
            <span className={`block text-sm ${muted}`}>
              {party.about} · {party.items.length === 1 ? 'one item' : `${party.items.length} items`}
            </span>
          </span>
          <Form method="post">
            <input type="hidden" name="basketId" value={basketId} />
            {party.items.map((item) => (
              <input key={item.id} type="hidden" name="itemId" value={item.id} />
            ))}
            <SmallButton
              name="intent"
              value="unassign"
              aria-label={`Choose another customer than ${party.name}`}
            >
              Choose another
            </SmallButton>
          </Form>
        </li>
      ))}
    </ul>
  )
}
