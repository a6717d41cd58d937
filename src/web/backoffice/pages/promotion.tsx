// A promotion, new or not, with the price it leads to while it is typed.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changePromotion, createPromotion, endPromotion } from '#flows/pricing/manage-promotions.ts'
import { viewPromotion } from '#views/pricing/promotions.ts'
import { sellersToday } from '#views/pricing/today.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { chosenIn, promotionField, promotionTyped, scopeRows } from '#web/backoffice/discount-form.ts'
import { endWords } from '#web/backoffice/end-words.ts'
import { type ShownTrial, trialChoices, trialTyped, tried } from '#web/backoffice/price-trial.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { approvalTyped, shownApproval, versionTyped } from '#web/backoffice/rule-form.ts'
import { scopeChoices } from '#web/backoffice/scope-form.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, Button, LinkButton, Submit } from '#web/ui/button.tsx'
import { stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { Beside } from '../parts/beside.tsx'
import { EndRule } from '../parts/end-rule.tsx'
import { AskFirst, PriceTrial } from '../parts/price-trial.tsx'
import { ConditionFields, OffFields } from '../parts/promotion-fields.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { BelowCostField, ValidityFields } from '../parts/rule-fields.tsx'
import { ScopeFields } from '../parts/scope-fields.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'
import { useLiveAnswer } from '../use-live-answer.ts'

export const meta = () => [{ title: 'Promotion' }]

export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const { app, actor } = desk
  const at = app.now()
  const { id } = args.params
  const promotion = id ? await viewPromotion(app.db, actor, { id, at }) : undefined
  const today = await sellersToday(app.db, at)
  const chosen = [...(promotion?.scopes ?? []).map((scope) => scope.id), promotion?.prerequisiteProductId]
  const [choices, scopes] = await Promise.all([trialChoices(desk), scopeChoices(desk, chosen)])
  const { discount, recurrence } = promotion ?? {}
  return {
    foot: promotion && (await recordFoot(args, 'promotion', promotion.id)),
    promotion: promotion && {
      id: promotion.id,
      version: promotion.version,
      state: promotion.state,
      approval: shownApproval(promotion.belowCost),
    },
    known: {
      name: promotion?.name ?? '',
      percent: discount?.kind === 'percent' ? discount.percent : '',
      amount: discount?.kind === 'amount' ? discount.amount : '',
      currency: discount?.kind === 'amount' ? discount.currency : 'EUR',
      recurrence: recurrence?.kind ?? 'one-time',
      periods: recurrence?.kind === 'limited' ? String(recurrence.periods) : '',
      scopes: (promotion?.scopes ?? []).map(({ kind, id }) => ({ kind, id })),
      terms: promotion?.terms ?? [],
      newCustomersOnly: promotion?.newCustomersOnly ?? false,
      prerequisiteProductId: promotion?.prerequisiteProductId ?? '',
      isCombinable: promotion?.isCombinable ?? false,
      validFrom: promotion?.validFrom.toString() ?? today.toString(),
      validTo: promotion?.validTo?.toString() ?? '',
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
  const typed = promotionTyped(form)
  const input = { id: args.params['id'] ?? '', version: versionTyped(form) }
  const answered = await answerForm(
    form,
    async () => {
      const wanted = { ...typed, ...approvalTyped(desk, form) }
      switch (textOf(form, 'intent')) {
        case 'create': {
          const { id, name } = await createPromotion(app, actor, wanted)
          return done(`/setup/promotions/${id}`, `${name} is created.`)
        }
        case 'save': {
          const { id, name } = await changePromotion(app, actor, { ...input, change: wanted })
          return done(`/setup/promotions/${id}`, `${name} is saved.`)
        }
        case 'end': {
          const ended = await endPromotion(app, actor, { ...input, lastDay: textOf(form, 'lastDay') })
          return ended
            ? done(`/setup/promotions/${ended.id}`, `${ended.name} ${endWords(form, ended)}`)
            : done('/setup/promotions', 'The promotion is removed: it had not begun.')
        }
        default:
          return data(typedState(form))
      }
    },
    (name) => promotionField(form, name),
  )
  if (answered instanceof Response) return answered
  const [trial, choices, scopes] = await Promise.all([
    form.has('recurrence')
      ? tried(desk, trialTyped(form), { rule: { kind: 'promotion', input: typed } })
      : undefined,
    trialChoices(desk, form),
    scopeChoices(desk, chosenIn(form), textOf(form, 'find')),
  ])
  return data({ ...answered.data, trial, choices, scopes, rows: scopeRows(form) }, answered.init ?? {})
}

type Answer = {
  readonly trial?: ShownTrial | undefined
  readonly choices?: Awaited<ReturnType<typeof trialChoices>>
  readonly scopes?: Awaited<ReturnType<typeof scopeChoices>>
  readonly rows?: number
}

export default function PromotionPage() {
  const {
    foot,
    promotion,
    known,
    mayApprove,
    choices,
    scopes: loadedScopes,
    typed,
  } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Answer>()
  const { form, latest, onChange, ask, isAsking } = useLiveAnswer('try', more)
  const own = state?.intent === 'end' ? undefined : state
  const isQuiet = state?.intent === 'try' || state?.intent === 'more'
  const scopes = more?.scopes ?? loadedScopes
  const rows = more?.rows ?? Math.max(1, known.scopes.length)
  return (
    <Page
      title={promotion ? known.name : 'New promotion'}
      crumbs={[{ to: '/setup/promotions', label: 'Promotions' }]}
      lead={promotion && <State>{promotion.state}</State>}
    >
      {state && !isQuiet && <FormNotice state={state} />}
      <Form method="post" ref={form} onChange={onChange}>
        <AskFirst />
        {promotion && <input type="hidden" name="version" value={promotion.version} />}
        <Beside
          aside={
            <PriceTrial
              title="What it does"
              lead="With the promotion as it stands in the form, for any product you choose here and a customer who meets its conditions; nothing is kept."
              choices={more?.choices ?? choices}
              typed={typed}
              trial={latest?.trial}
              state={own}
              isAsking={isAsking}
              onChosen={ask}
            />
          }
        >
          <Card title="What comes off">
            <OffFields known={known} currencies={choices.currencies} state={own} />
          </Card>
          <Card title="For what">
            {Array.from({ length: rows }, (_, at) => at).map((at) => (
              <ScopeFields
                key={at}
                prefix={`scopes.${at}`}
                label={at === 0 ? 'For' : `Or for (${at + 1})`}
                mayBeNone={at > 0}
                known={known.scopes[at] ?? { kind: at === 0 ? 'all' : 'none' }}
                choices={scopes}
                state={own}
              />
            ))}
            <div>
              <Button name="intent" value="more">
                Or for something else
              </Button>
            </div>
          </Card>
          <Card title="Conditions">
            <ConditionFields known={known} products={scopes.products} state={own} />
            <ValidityFields known={known} state={own} />
            <BelowCostField approval={promotion?.approval} mayApprove={mayApprove} state={own} />
            <Actions>
              <Submit name="intent" value={promotion ? 'save' : 'create'}>
                {promotion ? 'Save' : 'Create promotion'}
              </Submit>
              <LinkButton to="/setup/promotions" tone="quiet">
                Cancel
              </LinkButton>
            </Actions>
          </Card>
        </Beside>
      </Form>
      {promotion && promotion.state !== 'ended' && (
        <EndRule
          version={promotion.version}
          isPlanned={promotion.state === 'planned'}
          what="promotion"
          consequence="After its last day orders and renewals do without it. What was agreed with it before keeps it."
          state={stateFor(state, 'end')}
        />
      )}
      {foot && <RecordFoot foot={foot} />}
    </Page>
  )
}
