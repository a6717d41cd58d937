// A volume discount, new or not, with the price it leads to while it is typed.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import {
  changeVolumeDiscount,
  createVolumeDiscount,
  endVolumeDiscount,
} from '#flows/pricing/manage-volume-discounts.ts'
import { sellersToday } from '#views/pricing/today.ts'
import { viewVolumeDiscount } from '#views/pricing/volume-discounts.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { chosenIn, tierField, tierRows, volumeTyped } from '#web/backoffice/discount-form.ts'
import { endWords } from '#web/backoffice/end-words.ts'
import { type ShownTrial, trialChoices, trialTyped, tried } from '#web/backoffice/price-trial.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { approvalTyped, shownApproval, versionTyped } from '#web/backoffice/rule-form.ts'
import { scopeChoices, scopeField } from '#web/backoffice/scope-form.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, Button, LinkButton, Submit } from '#web/ui/button.tsx'
import { Field, type Option, SelectField } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { Beside } from '../parts/beside.tsx'
import { EndRule } from '../parts/end-rule.tsx'
import { AskFirst, PriceTrial } from '../parts/price-trial.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { BelowCostField, ValidityFields } from '../parts/rule-fields.tsx'
import { ScopeFields } from '../parts/scope-fields.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'
import { useLiveAnswer } from '../use-live-answer.ts'

export const meta = () => [{ title: 'Volume discount' }]

type Tier = { readonly from: string; readonly percent: string; readonly amount: string }

export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const { app, actor } = desk
  const at = app.now()
  const { id } = args.params
  const discount = id ? await viewVolumeDiscount(app.db, actor, { id, at }) : undefined
  const today = await sellersToday(app.db, at)
  const [choices, scopes] = await Promise.all([trialChoices(desk), scopeChoices(desk, [discount?.scope.id])])
  const tiers = (discount?.tiers ?? []).map(
    ({ from, discount: off }): Tier => ({
      from: String(from),
      percent: off.kind === 'percent' ? off.percent : '',
      amount: off.kind === 'amount' ? off.amount : '',
    }),
  )
  const amounts = (discount?.tiers ?? []).flatMap(({ discount: off }) =>
    off.kind === 'amount' ? [off.currency] : [],
  )
  return {
    foot: discount && (await recordFoot(args, 'volume-discount', discount.id)),
    discount: discount && {
      id: discount.id,
      version: discount.version,
      state: discount.state,
      approval: shownApproval(discount.belowCost),
    },
    known: {
      name: discount?.name ?? '',
      scope: { kind: discount?.scope.kind ?? 'all', id: discount?.scope.id },
      mode: discount?.mode ?? 'continuous',
      tiers,
      currency: amounts[0] ?? 'EUR',
      validFrom: discount?.validFrom.toString() ?? today.toString(),
      validTo: discount?.validTo?.toString() ?? '',
    },
    mayApprove: actor.rights.has('approve-below-cost'),
    choices,
    scopes,
    typed: { planId: choices.plans[0]?.id ?? '', country: 'DE', currency: 'EUR', quantity: '10' },
  }
}

export async function action(args: ActionFunctionArgs) {
  const { form, ...desk } = await formAtDesk(args)
  const { app, actor } = desk
  const typed = volumeTyped(form)
  const input = { id: args.params['id'] ?? '', version: versionTyped(form) }
  const answered = await answerForm(
    form,
    async () => {
      const wanted = { ...typed, ...approvalTyped(desk, form) }
      switch (textOf(form, 'intent')) {
        case 'create': {
          const { id, name } = await createVolumeDiscount(app, actor, wanted)
          return done(`/setup/volume-discounts/${id}`, `${name} is created.`)
        }
        case 'save': {
          const { id, name } = await changeVolumeDiscount(app, actor, { ...input, change: wanted })
          return done(`/setup/volume-discounts/${id}`, `${name} is saved.`)
        }
        case 'end': {
          const ended = await endVolumeDiscount(app, actor, { ...input, lastDay: textOf(form, 'lastDay') })
          return ended
            ? done(`/setup/volume-discounts/${ended.id}`, `${ended.name} ${endWords(form, ended)}`)
            : done('/setup/volume-discounts', 'The volume discount is removed: it had not begun.')
        }
        default:
          return data(typedState(form))
      }
    },
    (name) => scopeField(form, tierField(form, name)),
  )
  if (answered instanceof Response) return answered
  const [trial, choices, scopes] = await Promise.all([
    form.has('mode')
      ? tried(desk, trialTyped(form), { rule: { kind: 'volume discount', input: typed } })
      : undefined,
    trialChoices(desk, form),
    scopeChoices(desk, chosenIn(form), textOf(form, 'find')),
  ])
  return data({ ...answered.data, trial, choices, scopes, rows: tierRows(form) }, answered.init ?? {})
}

type Answer = {
  readonly trial?: ShownTrial | undefined
  readonly choices?: Awaited<ReturnType<typeof trialChoices>>
  readonly scopes?: Awaited<ReturnType<typeof scopeChoices>>
  readonly rows?: number
}

const modes = [
  { value: 'continuous', label: 'Continuous: all licences at the reached tier' },
  { value: 'scale', label: 'Scale: each licence at its tier' },
]

export default function VolumeDiscountPage() {
  const { foot, discount, known, mayApprove, choices, scopes, typed } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Answer>()
  const { form, latest, onChange, ask, isAsking } = useLiveAnswer('try', more)
  const own = state?.intent === 'end' ? undefined : state
  const isQuiet = state?.intent === 'try' || state?.intent === 'more'
  return (
    <Page
      title={discount ? known.name : 'New volume discount'}
      crumbs={[{ to: '/setup/volume-discounts', label: 'Volume discounts' }]}
      lead={discount && <State>{discount.state}</State>}
    >
      {state && !isQuiet && <FormNotice state={state} />}
      <Form method="post" ref={form} onChange={onChange}>
        <AskFirst />
        {discount && <input type="hidden" name="version" value={discount.version} />}
        <Beside
          aside={
            <PriceTrial
              title="What it does"
              lead="With the discount as it stands in the form, for any product you choose here; nothing is kept."
              choices={more?.choices ?? choices}
              typed={typed}
              trial={latest?.trial}
              state={own}
              isAsking={isAsking}
              onChosen={ask}
            />
          }
        >
          <Card title="Volume discount">
            <Field
              label="Name"
              name="name"
              defaultValue={known.name}
              maxLength={120}
              hint="Buyers see it beside their price."
              state={own}
            />
            <ScopeFields known={known.scope} choices={more?.scopes ?? scopes} state={own} />
            <SelectField label="Mode" name="mode" options={modes} defaultValue={known.mode} state={own} />
            <Tiers
              known={known.tiers}
              rows={Math.max(known.tiers.length + 1, more?.rows ?? 3)}
              currency={known.currency}
              currencies={choices.currencies}
              state={own}
            />
            <ValidityFields known={known} state={own} />
            <BelowCostField approval={discount?.approval} mayApprove={mayApprove} state={own} />
            <Actions>
              <Submit name="intent" value={discount ? 'save' : 'create'}>
                {discount ? 'Save' : 'Create volume discount'}
              </Submit>
              <LinkButton to="/setup/volume-discounts" tone="quiet">
                Cancel
              </LinkButton>
            </Actions>
          </Card>
        </Beside>
      </Form>
      {discount && discount.state !== 'ended' && (
        <EndRule
          version={discount.version}
          isPlanned={discount.state === 'planned'}
          what="volume discount"
          consequence="After its last day the same quantities cost the full price. Orders placed before keep their prices."
          state={stateFor(state, 'end')}
        />
      )}
      {foot && <RecordFoot foot={foot} />}
    </Page>
  )
}

function Tiers({
  known,
  rows,
  currency,
  currencies,
  state,
}: {
  known: readonly Tier[]
  rows: number
  currency: string
  currencies: readonly Option[]
  state: FormState | undefined
}) {
  const fault = state?.errors['tiers']
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 font-medium">Tiers</legend>
      <p className="text-muted">
        A tier reaches up to the next one; the last is open. Give a percentage or an amount off each licence.
      </p>
      {fault && <p className="font-medium text-bad">{fault}</p>}
      {Array.from({ length: rows }, (_, at) => at).map((at) => (
        <div key={at} className="grid gap-3 rounded-lg bg-sunken p-3 sm:grid-cols-3">
          <Field
            label={`Tier ${at + 1} from quantity`}
            name={`tiers.${at}.from`}
            inputMode="numeric"
            defaultValue={known[at]?.from}
            state={state}
          />
          <Field
            label={`Tier ${at + 1} percent off`}
            name={`tiers.${at}.percent`}
            inputMode="decimal"
            defaultValue={known[at]?.percent}
            state={state}
          />
          <Field
            label={`Tier ${at + 1} or amount off`}
            name={`tiers.${at}.amount`}
            inputMode="decimal"
            defaultValue={known[at]?.amount}
            state={state}
          />
        </div>
      ))}
      <div className="flex flex-wrap items-end justify-between gap-3">
        <Button name="intent" value="more">
          More tiers
        </Button>
        <SelectField
          label="Currency of amounts"
          name="currency"
          options={currencies}
          defaultValue={currency}
          state={state}
        />
      </div>
    </fieldset>
  )
}
