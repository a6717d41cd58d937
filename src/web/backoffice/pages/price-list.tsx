// A price list: its rules, the accounts that pay by it, and its name and days.
import { type ActionFunctionArgs, Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changePriceList, endPriceList } from '#flows/pricing/manage-price-lists.ts'
import { priceListInput } from '#modules/pricing'
import { listAccountsOnList } from '#views/pricing/accounts-on-list.ts'
import { listShownPriceListRules, viewPriceList } from '#views/pricing/price-lists.ts'
import { ruleStates } from '#views/pricing/rule-page.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { endWords } from '#web/backoffice/end-words.ts'
import { methodWords } from '#web/backoffice/method-form.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { validityText, validityTyped, versionTyped } from '#web/backoffice/rule-form.ts'
import { scopeWords } from '#web/backoffice/scope-form.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Fold, Page, Section } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { EndRule } from '../parts/end-rule.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { PriceListFields } from '../parts/price-list-fields.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { ruleStateLinks } from '../parts/rule-states.ts'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Price list' }]

const MOST_ACCOUNTS = 20

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const ask = { id: args.params['id'] ?? '', at: app.now() }
  const list = await viewPriceList(app.db, actor, ask)
  const [rules, accounts] = await Promise.all([
    listShownPriceListRules(app.db, actor, {
      ...askedOf(args.url),
      state: choiceOf(args.url, 'state', ruleStates),
      priceListId: list.id,
      at: ask.at,
    }),
    listAccountsOnList(app.db, actor, { priceListId: list.id, limit: MOST_ACCOUNTS }),
  ])
  return {
    id: list.id,
    foot: await recordFoot(args, 'price-list', list.id),
    name: list.name,
    version: list.version,
    state: list.state,
    isDefault: list.isDefault,
    validity: validityText(list),
    accountCount: list.accountCount,
    accounts: accounts.map(({ id, number, name }) => ({ id, number, name })),
    known: priceListInput(list),
    rules: rules.items.map((rule) => ({
      id: rule.id,
      scope: scopeWords(rule.scope),
      method: methodWords(rule.method),
      validity: validityText(rule),
      state: rule.state,
      isApproved: rule.belowCost !== undefined,
    })),
    nextCursor: rules.nextCursor,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const input = { id: args.params['id'] ?? '', version: versionTyped(form) }
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'end') {
      const list = await endPriceList(app, actor, { ...input, lastDay: textOf(form, 'lastDay') })
      return list
        ? done(`/setup/price-lists/${list.id}`, `${list.name} ${endWords(form, list)}`)
        : done('/setup/price-lists', 'The price list is removed: it had not begun.')
    }
    const list = await changePriceList(app, actor, {
      ...input,
      change: {
        name: textOf(form, 'name'),
        description: textOf(form, 'description'),
        isDefault: form.has('isDefault'),
        ...validityTyped(form),
      },
    })
    return done(`/setup/price-lists/${list.id}`, `${list.name} is saved.`)
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function PriceListPage() {
  const list = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title={list.name}
      crumbs={[{ to: '/setup/price-lists', label: 'Price lists' }]}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          <State>{list.state}</State>
          {list.isDefault && <Badge tone="info">Default</Badge>}
          <span>{list.validity}</span>
        </span>
      }
      actions={<LinkButton to={`/setup/price-lists/${list.id}/rules/new`}>New rule</LinkButton>}
    >
      <FormNotice state={state} />
      <Columns aside={<PaidBy list={list} />}>
        <Rules list={list} />
        <Settings list={list} state={state} />
        {list.state !== 'ended' && (
          <EndRule
            version={list.version}
            isPlanned={list.state === 'planned'}
            what="price list"
            consequence="After its last day its accounts pay by the default list. Orders placed before keep their prices."
            state={stateFor(state, 'end')}
          />
        )}
        <RecordFoot foot={list.foot} />
      </Columns>
    </Page>
  )
}

function Rules({ list }: { list: Shown }) {
  return (
    <Section title="Rules">
      <p className="text-muted">
        The most specific rule prices a line: a plan before its product, its product before a group, a group
        before everything.
      </p>
      <Toolbar>
        <SearchForm label="Search rules" placeholder="Product or SKU" />
        <FilterLinks name="state" choices={ruleStateLinks} />
      </Toolbar>
      <List
        caption="Rules"
        heads={['For', 'Price', 'Valid', 'State']}
        nextCursor={list.nextCursor}
        empty={
          <NothingFound
            title="No rules yet"
            action={<LinkButton to={`/setup/price-lists/${list.id}/rules/new`}>New rule</LinkButton>}
          >
            Without a rule a price stays the suggested retail price.
          </NothingFound>
        }
        rows={list.rules.map((rule) => ({
          key: rule.id,
          cells: [
            <Link key="f" to={`/setup/price-lists/${list.id}/rules/${rule.id}`}>
              {rule.scope}
            </Link>,
            <>
              {rule.method}
              {rule.isApproved && (
                <span className="block text-[0.9286em] text-muted">Below cost is approved</span>
              )}
            </>,
            rule.validity,
            <State key="s">{rule.state}</State>,
          ],
        }))}
      />
    </Section>
  )
}

function Settings({ list, state }: { list: Shown; state: FormState | undefined }) {
  const own = stateFor(state, 'save')
  return (
    <Fold title="Name, days and default" isOpen={own !== undefined}>
      <Form method="post" className="grid max-w-3xl gap-4">
        <input type="hidden" name="version" value={list.version} />
        <PriceListFields known={list.known} state={own} />
        <Actions>
          <Submit name="intent" value="save">
            Save
          </Submit>
        </Actions>
      </Form>
    </Fold>
  )
}

function PaidBy({ list }: { list: Shown }) {
  const more = list.accountCount - list.accounts.length
  return (
    <Card title="Accounts">
      <Facts
        facts={[['Given to', list.accountCount === 1 ? '1 account' : `${list.accountCount} accounts`]]}
      />
      {list.isDefault && (
        <p className="text-muted">
          As the default list it is also of every account that has none of its own.
        </p>
      )}
      <ul className="grid gap-1">
        {list.accounts.map((account) => (
          <li key={account.id} className="flex flex-wrap justify-between gap-x-3">
            <Link to={`/accounts/${account.id}`}>{account.name}</Link>
            <span className="text-muted">{account.number}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-muted">{`and ${more} more`}</p>}
      <p className="text-muted">A list is given on the page of an account.</p>
    </Card>
  )
}
