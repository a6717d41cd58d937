// Price lists (S5): all of them, with how many rules they have and how many accounts pay by them.
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listShownPriceLists } from '#views/pricing/price-lists.ts'
import { ruleStates } from '#views/pricing/rule-page.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { validityText } from '#web/backoffice/rule-form.ts'
import { Badge } from '#web/ui/badge.tsx'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { ruleStateLinks } from '../parts/rule-states.ts'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Price lists' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { items, nextCursor } = await listShownPriceLists(app.db, actor, {
    ...askedOf(args.url),
    state: choiceOf(args.url, 'state', ruleStates),
    at: app.now(),
  })
  return {
    lists: items.map((list) => ({
      id: list.id,
      name: list.name,
      description: list.description,
      isDefault: list.isDefault,
      rules: list.ruleCount,
      accounts: list.accountCount,
      validity: validityText(list),
      state: list.state,
    })),
    nextCursor,
  }
}

export default function PriceLists() {
  const { lists, nextCursor } = useLoaderData<typeof loader>()
  return (
    <Page
      title="Price lists"
      lead="How the price of an account is made from cost or suggested retail price. An account without a list of its own pays by the default one; without that, the suggested retail price."
      actions={<LinkButton to="/setup/price-lists/new">New price list</LinkButton>}
    >
      <Toolbar>
        <SearchForm label="Search price lists" placeholder="Name" />
        <FilterLinks name="state" choices={ruleStateLinks} />
      </Toolbar>
      <List
        caption="Price lists"
        heads={['Name', 'Rules', 'Accounts', 'Valid', 'State']}
        numeric={[1, 2]}
        nextCursor={nextCursor}
        empty={
          <NothingFound
            title="No price lists yet"
            action={<LinkButton to="/setup/price-lists/new">New price list</LinkButton>}
          >
            Everybody pays the suggested retail price, and for ESD licences the price in the catalogue.
          </NothingFound>
        }
        rows={lists.map((list) => ({
          key: list.id,
          cells: [
            <>
              <span className="flex flex-wrap items-center gap-2">
                <Link to={`/setup/price-lists/${list.id}`}>{list.name}</Link>
                {list.isDefault && <Badge tone="info">Default</Badge>}
              </span>
              {list.description && (
                <span className="block text-[0.9286em] font-normal text-muted">{list.description}</span>
              )}
            </>,
            list.rules,
            list.accounts,
            list.validity,
            <State key="s">{list.state}</State>,
          ],
        }))}
      />
    </Page>
  )
}
