// A rule of a price list, new or not, with the price it leads to while it is typed.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import {
  addPriceListRule,
  changePriceListRule,
  endPriceListRule,
} from '#flows/pricing/manage-price-list-rules.ts'
import { priceListRuleInput } from '#modules/pricing'
import { viewPriceList, viewPriceListRule } from '#views/pricing/price-lists.ts'
import { sellersToday } from '#views/pricing/today.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { endWords } from '#web/backoffice/end-words.ts'
import { methodTyped } from '#web/backoffice/method-form.ts'
import { type ShownTrial, trialChoices, trialTyped, tried } from '#web/backoffice/price-trial.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { approvalTyped, shownApproval, validityTyped, versionTyped } from '#web/backoffice/rule-form.ts'
import { scopeChoices, scopeField, scopeTyped, scopeWords } from '#web/backoffice/scope-form.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { Beside } from '../parts/beside.tsx'
import { EndRule } from '../parts/end-rule.tsx'
import { MethodFields } from '../parts/method-fields.tsx'
import { AskFirst, PriceTrial } from '../parts/price-trial.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { BelowCostField, ValidityFields } from '../parts/rule-fields.tsx'
import { ScopeFields } from '../parts/scope-fields.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'
import { useLiveAnswer } from '../use-live-answer.ts'

export const meta = () => [{ title: 'Price list rule' }]

export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const { app, actor } = desk
  const at = app.now()
  const list = await viewPriceList(app.db, actor, { id: args.params['id'] ?? '', at })
  const { ruleId } = args.params
  const rule = ruleId ? await viewPriceListRule(app.db, actor, { id: ruleId, at }) : undefined
  const today = await sellersToday(app.db, at)
  const [choices, scopes] = await Promise.all([trialChoices(desk), scopeChoices(desk, [rule?.scope.id])])
  return {
    list: { id: list.id, name: list.name },
    foot: rule && (await recordFoot(args, 'price-list-rule', rule.id)),
    rule: rule && {
      id: rule.id,
      version: rule.version,
      title: scopeWords(rule.scope),
      state: rule.state,
      approval: shownApproval(rule.belowCost),
    },
    known: rule
      ? {
          ...priceListRuleInput({ ...rule, scope: { kind: 'all' } }),
          scope: { kind: rule.scope.kind, id: rule.scope.id },
        }
      : {
          scope: { kind: 'all', id: undefined },
          method: { kind: 'discount', percent: '' },
          validFrom: today.toString(),
          validTo: '',
        },
    mayApprove: actor.rights.has('approve-below-cost'),
    choices,
    scopes,
    typed: { planId: choices.plans[0]?.id ?? '', country: 'DE', currency: 'EUR', quantity: '1' },
  }
}

export async function action(args: ActionFunctionArgs) {
  const { form, ...desk } = await formAtDesk(args)
  const { app, actor } = desk
  const { id: priceListId = '', ruleId } = args.params
  const typed = { scope: scopeTyped(form), method: methodTyped(form), ...validityTyped(form) }
  const back = `/setup/price-lists/${priceListId}`
  const answered = await answerForm(
    form,
    async () => {
      const wanted = { ...typed, ...approvalTyped(desk, form) }
      const input = { id: ruleId ?? '', version: versionTyped(form) }
      switch (textOf(form, 'intent')) {
        case 'create':
          await addPriceListRule(app, actor, { ...wanted, priceListId })
          return done(back, 'The rule is added.')
        case 'save':
          await changePriceListRule(app, actor, { ...input, change: wanted })
          return done(back, 'The rule is saved.')
        case 'end': {
          const rule = await endPriceListRule(app, actor, { ...input, lastDay: textOf(form, 'lastDay') })
          return done(
            back,
            rule ? `The rule ${endWords(form, rule)}` : 'The rule is removed: it had not begun.',
          )
        }
        default:
          return data(typedState(form))
      }
    },
    (name) => scopeField(form, name),
  )
  if (answered instanceof Response) return answered
  const [trial, choices, scopes] = await Promise.all([
    form.has('method.kind')
      ? tried(desk, trialTyped(form), {
          rule: { kind: 'price list rule', listName: textOf(form, 'listName'), input: typed },
        })
      : undefined,
    trialChoices(desk, form),
    scopeChoices(desk, [textOf(form, 'scope.product'), textOf(form, 'scope.plan')], textOf(form, 'find')),
  ])
  return data({ ...answered.data, trial, choices, scopes }, answered.init ?? {})
}

type Answer = {
  readonly trial?: ShownTrial | undefined
  readonly choices?: Awaited<ReturnType<typeof trialChoices>>
  readonly scopes?: Awaited<ReturnType<typeof scopeChoices>>
}

export default function PriceListRulePage() {
  const { foot, list, rule, known, mayApprove, choices, scopes, typed } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Answer>()
  const { form, latest, onChange, ask, isAsking } = useLiveAnswer('try', more)
  const own = state?.intent === 'end' ? undefined : state
  return (
    <Page
      title={rule ? rule.title : 'New rule'}
      crumbs={[
        { to: '/setup/price-lists', label: 'Price lists' },
        { to: `/setup/price-lists/${list.id}`, label: list.name },
      ]}
      lead={rule && <State>{rule.state}</State>}
    >
      {state && state.intent !== 'try' && <FormNotice state={state} />}
      <Form method="post" ref={form} onChange={onChange}>
        <AskFirst />
        <input type="hidden" name="listName" value={list.name} />
        {rule && <input type="hidden" name="version" value={rule.version} />}
        <Beside
          aside={
            <PriceTrial
              title="What it does"
              lead="With the rule as it stands in the form, for any product you choose here; nothing is kept."
              choices={more?.choices ?? choices}
              typed={typed}
              trial={latest?.trial}
              state={own}
              isAsking={isAsking}
              onChosen={ask}
            />
          }
        >
          <Card title="Rule">
            <ScopeFields known={known.scope} choices={more?.scopes ?? scopes} state={own} />
            <MethodFields known={known.method} currencies={choices.currencies} state={own} />
            <ValidityFields known={known} state={own} />
            <BelowCostField approval={rule?.approval} mayApprove={mayApprove} state={own} />
            <Actions>
              <Submit name="intent" value={rule ? 'save' : 'create'}>
                {rule ? 'Save rule' : 'Add rule'}
              </Submit>
              <LinkButton to={`/setup/price-lists/${list.id}`} tone="quiet">
                Cancel
              </LinkButton>
            </Actions>
          </Card>
        </Beside>
      </Form>
      {rule && rule.state !== 'ended' && (
        <EndRule
          version={rule.version}
          isPlanned={rule.state === 'planned'}
          what="rule"
          consequence="After its last day the next less specific rule of the list prices these products. Orders placed before keep their prices."
          state={stateFor(state, 'end')}
        />
      )}
      {foot && <RecordFoot foot={foot} />}
    </Page>
  )
}
