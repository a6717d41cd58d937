// The conversion tool (S4 b): every rate with its history, and a price tried out with those in force.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
} from 'react-router'
import { isCurrency } from '#kernel/money.ts'
import { conversionStates, listShownConversionRules } from '#views/pricing/conversion-rules.ts'
import { homeOf, shownConversion } from '#web/backoffice/conversion-form.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { type ShownTrial, trialChoices, trialTyped, tried } from '#web/backoffice/price-trial.ts'
import { typedState } from '#web/forms.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { Beside } from '../parts/beside.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { PriceTrial } from '../parts/price-trial.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'
import { useLiveAnswer } from '../use-live-answer.ts'

export const meta = () => [{ title: 'Conversion tool' }]

const states = [
  { value: 'in force', label: 'In force' },
  { value: 'planned', label: 'Planned' },
  { value: 'followed', label: 'Followed' },
  { value: 'ended', label: 'Ended' },
]

export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const { app, actor } = desk
  const currency = (args.url.searchParams.get('currency') ?? '').trim().toUpperCase()
  const { items, nextCursor } = await listShownConversionRules(app.db, actor, {
    cursor: askedOf(args.url).cursor,
    currency: isCurrency(currency) ? currency : undefined,
    state: choiceOf(args.url, 'state', conversionStates),
    at: app.now(),
  })
  const choices = await trialChoices(desk)
  const first = items.find(({ state }) => state === 'in force')
  const typed = {
    planId: choices.plans[0]?.id ?? '',
    country: homeOf(first?.currency ?? '', 'DE'),
    currency: first?.currency ?? 'EUR',
    quantity: '1',
  }
  return {
    rules: items.map(shownConversion),
    nextCursor,
    choices,
    typed,
    trial: typed.planId ? await tried(desk, typed) : undefined,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { form, ...desk } = await formAtDesk(args)
  return data({
    ...typedState(form),
    trial: await tried(desk, trialTyped(form)),
    choices: await trialChoices(desk, form),
  })
}

type Answer = { readonly trial?: ShownTrial; readonly choices?: Awaited<ReturnType<typeof trialChoices>> }

export default function ConversionTool() {
  const { rules, nextCursor, choices, typed, trial } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Answer>()
  const { form, latest, onChange, ask, isAsking } = useLiveAnswer('try', more)
  return (
    <Page
      title="Conversion tool"
      lead="For currencies the price sheets do not carry: the sheet of another market, times a rate. A new rate is entered as a new rule; what was priced before stays."
      actions={<LinkButton to="/setup/conversion/new">New rate</LinkButton>}
    >
      <Beside
        aside={
          <Form method="post" ref={form} onChange={onChange}>
            <PriceTrial
              choices={more?.choices ?? choices}
              typed={typed}
              trial={latest?.trial ?? trial}
              state={state}
              isAsking={isAsking}
              onChosen={ask}
              lead="With the rates and the default price list in force today."
            />
          </Form>
        }
      >
        <Toolbar>
          <SearchForm name="currency" label="Currency" placeholder="Currency, for example VES" />
          <FilterLinks name="state" choices={states} />
        </Toolbar>
        <List
          caption="Conversion rules"
          heads={['Currency', 'Rate', 'Market Country Pricelist', 'Valid from', 'Until', 'State']}
          nextCursor={nextCursor}
          empty={
            <NothingFound
              title="No rates yet"
              action={<LinkButton to="/setup/conversion/new">New rate</LinkButton>}
            >
              Without one, orders stop where a customer’s currency is not in its country’s sheet.
            </NothingFound>
          }
          rows={rules.map((rule) => ({
            key: rule.id,
            cells: [
              <Link key="c" to={`/setup/conversion/${rule.id}`}>
                {rule.currency}
              </Link>,
              <>
                <span className="tabular-nums">{rule.rate}</span>
                <span className="block text-[0.9286em] text-muted">
                  {rule.source}
                  {rule.overridesSheet && ' · overrides the sheet'}
                  {rule.isForInvoicesOnly && ' · for invoices only'}
                </span>
              </>,
              rule.isForInvoicesOnly ? '' : rule.market,
              rule.from,
              rule.until,
              <State key="s">{rule.state}</State>,
            ],
          }))}
        />
      </Beside>
    </Page>
  )
}
