// Promotions (S5): all of them.
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listShownPromotions } from '#views/pricing/promotions.ts'
import { ruleStates } from '#views/pricing/rule-page.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { discountWords, recurrenceWords } from '#web/backoffice/discount-form.ts'
import { validityText } from '#web/backoffice/rule-form.ts'
import { scopeWords } from '#web/backoffice/scope-form.ts'
import { termWords } from '#web/backoffice/software-words.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { ruleStateLinks } from '../parts/rule-states.ts'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Promotions' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { items, nextCursor } = await listShownPromotions(app.db, actor, {
    ...askedOf(args.url),
    state: choiceOf(args.url, 'state', ruleStates),
    at: app.now(),
  })
  return {
    promotions: items.map((promotion) => ({
      id: promotion.id,
      name: promotion.name,
      off: `${discountWords(promotion.discount)}, ${recurrenceWords(promotion.recurrence)}`,
      scopes: promotion.scopes.map(scopeWords),
      conditions: [
        promotion.terms.length > 0 && `Terms: ${promotion.terms.map(termWords).join(', ')}`,
        promotion.newCustomersOnly && 'New customers only',
        promotion.prerequisiteName && `Who has ${promotion.prerequisiteName}`,
        promotion.isCombinable && 'May be combined',
      ].filter((each) => typeof each === 'string'),
      validity: validityText(promotion),
      state: promotion.state,
    })),
    nextCursor,
  }
}

export default function Promotions() {
  const { promotions, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page
      title="Promotions"
      lead="The last thing that comes off a price. Of several a buyer gets the best single one, or all that may be combined where that is better."
      actions={<LinkButton to="/setup/promotions/new">New promotion</LinkButton>}
    >
      <Toolbar>
        <SearchForm label="Search promotions" placeholder="Name" />
        <FilterLinks name="state" choices={ruleStateLinks} />
      </Toolbar>
      <List
        caption="Promotions"
        heads={['Name', 'Takes off', 'For', 'Valid', 'State']}
        nextCursor={nextCursor}
        empty={
          <NothingFound
            title="No promotions yet"
            action={<LinkButton to="/setup/promotions/new">New promotion</LinkButton>}
          >
            Prices are those of price lists and volume discounts.
          </NothingFound>
        }
        rows={promotions.map((promotion) => ({
          key: promotion.id,
          cells: [
            <Link key="n" to={`/setup/promotions/${promotion.id}`}>
              {promotion.name}
            </Link>,
            promotion.off,
            <>
              {promotion.scopes.map((scope) => (
                <span key={scope} className="block">
                  {scope}
                </span>
              ))}
              {promotion.conditions.map((each) => (
                <span key={each} className="block text-[0.9286em] text-muted">
                  {each}
                </span>
              ))}
            </>,
            promotion.validity,
            <State key="s">{promotion.state}</State>,
          ],
        }))}
      />
    </Page>
  )
}
