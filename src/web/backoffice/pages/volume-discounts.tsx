// Volume discounts (S5): less for each licence when one order has many of a plan.
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ruleStates } from '#views/pricing/rule-page.ts'
import { listShownVolumeDiscounts } from '#views/pricing/volume-discounts.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { discountWords } from '#web/backoffice/discount-form.ts'
import { validityText } from '#web/backoffice/rule-form.ts'
import { scopeWords } from '#web/backoffice/scope-form.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { ruleStateLinks } from '../parts/rule-states.ts'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Volume discounts' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { items, nextCursor } = await listShownVolumeDiscounts(app.db, actor, {
    ...askedOf(args.url),
    state: choiceOf(args.url, 'state', ruleStates),
    at: app.now(),
  })
  return {
    discounts: items.map((discount) => ({
      id: discount.id,
      name: discount.name,
      scope: scopeWords(discount.scope),
      mode: discount.mode === 'scale' ? 'Each licence at its tier' : 'All licences at the reached tier',
      tiers: discount.tiers.map((tier) => `from ${tier.from}: ${discountWords(tier.discount)}`),
      validity: validityText(discount),
      state: discount.state,
    })),
    nextCursor,
  }
}

export default function VolumeDiscounts() {
  const { discounts, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page
      title="Volume discounts"
      lead="Tiers count the same plan across the whole order, every ESD licence included. They come after the price list and before promotions."
      actions={<LinkButton to="/setup/volume-discounts/new">New volume discount</LinkButton>}
    >
      <Toolbar>
        <SearchForm label="Search volume discounts" placeholder="Name" />
        <FilterLinks name="state" choices={ruleStateLinks} />
      </Toolbar>
      <List
        caption="Volume discounts"
        heads={['Name', 'For', 'Tiers', 'Valid', 'State']}
        nextCursor={nextCursor}
        empty={
          <NothingFound
            title="No volume discounts yet"
            action={<LinkButton to="/setup/volume-discounts/new">New volume discount</LinkButton>}
          >
            Whoever orders many pays the same for each.
          </NothingFound>
        }
        rows={discounts.map((discount) => ({
          key: discount.id,
          cells: [
            <Link key="n" to={`/setup/volume-discounts/${discount.id}`}>
              {discount.name}
            </Link>,
            discount.scope,
            <>
              <span className="block text-muted">{discount.mode}</span>
              {discount.tiers.map((tier) => (
                <span key={tier} className="block tabular-nums">
                  {tier}
                </span>
              ))}
            </>,
            discount.validity,
            <State key="s">{discount.state}</State>,
          ],
        }))}
      />
    </Page>
  )
}
