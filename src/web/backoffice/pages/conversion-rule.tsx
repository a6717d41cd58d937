// One rate: what it says, how long it held, and the ways on: a new rate, a changed plan, its end.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { changeConversionRule, endConversionRule } from '#flows/pricing/manage-conversion-rules.ts'
import { conversionInput } from '#modules/pricing'
import { viewConversionRule } from '#views/pricing/conversion-rules.ts'
import {
  conversionTyped,
  homeOf,
  rateText,
  shownConversion,
  tryTypedRate,
} from '#web/backoffice/conversion-form.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { endWords } from '#web/backoffice/end-words.ts'
import { type ShownTrial, trialChoices, tried } from '#web/backoffice/price-trial.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Facts, Page } from '#web/ui/page.tsx'
import { Beside } from '../parts/beside.tsx'
import { ConversionFields } from '../parts/conversion-fields.tsx'
import { EndRule } from '../parts/end-rule.tsx'
import { AskFirst, PriceTrial } from '../parts/price-trial.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'
import { useLiveAnswer } from '../use-live-answer.ts'

export const meta = () => [{ title: 'Rate' }]

export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const { app, actor } = desk
  const rule = await viewConversionRule(app.db, actor, { id: args.params['id'] ?? '', at: app.now() })
  const choices = await trialChoices(desk)
  const known = conversionInput(rule)
  const typed = {
    planId: choices.plans[0]?.id ?? '',
    country: homeOf(rule.currency, 'DE'),
    currency: rule.currency,
    quantity: '1',
  }
  const trial =
    typed.planId && !rule.isForInvoicesOnly ? await tried(desk, typed, { conversion: known }) : undefined
  const foot = await recordFoot(args, 'conversion-rule', rule.id)
  return { ...shownConversion(rule), warning: rule.warning, foot, known, choices, typed, trial }
}

export async function action(args: ActionFunctionArgs) {
  const { form, ...desk } = await formAtDesk(args)
  const { app, actor } = desk
  const input = { id: args.params['id'] ?? '', version: Number(textOf(form, 'version')) || undefined }
  const answered = await answerForm(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'change': {
        const rule = await changeConversionRule(app, actor, { ...input, change: conversionTyped(form) })
        return done(`/setup/conversion/${rule.id}`, `The rate ${rateText(rule)} is changed.`)
      }
      case 'note': {
        const rule = await changeConversionRule(app, actor, {
          ...input,
          change: { note: textOf(form, 'note') },
        })
        return done(`/setup/conversion/${rule.id}`, 'The note is saved.')
      }
      case 'end': {
        const rule = await endConversionRule(app, actor, { ...input, lastDay: textOf(form, 'lastDay') })
        return rule
          ? done(`/setup/conversion/${rule.id}`, `The rate ${rateText(rule)} ${endWords(form, rule)}`)
          : done('/setup/conversion', 'The rate is removed: it had not begun.')
      }
      default:
        return data(typedState(form))
    }
  })
  if (answered instanceof Response) return answered
  const trial = form.has('rate') ? await tryTypedRate(desk, form) : undefined
  return data({ ...answered.data, trial, choices: await trialChoices(desk, form) }, answered.init ?? {})
}

type Answer = {
  readonly trial?: ShownTrial | undefined
  readonly choices?: Awaited<ReturnType<typeof trialChoices>>
}
type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function ConversionRulePage() {
  const rule = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Answer>()
  const live = useLiveAnswer('try', more)
  const isPlanned = rule.state === 'planned'
  const known = { ...rule.known, note: rule.known.note }
  return (
    <Page
      title={rule.rate}
      crumbs={[{ to: '/setup/conversion', label: 'Conversion tool' }]}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          <State>{rule.state}</State>
          <span>
            from {rule.from}
            {rule.until && ` to ${rule.until}`}
          </span>
        </span>
      }
      actions={<LinkButton to={`/setup/conversion/new?after=${rule.id}`}>New rate</LinkButton>}
    >
      {state && state.intent !== 'try' && <FormNotice state={state} />}
      {rule.warning && (
        <Notice tone="warning" title="Nothing is priced with it">
          {rule.warning}
        </Notice>
      )}
      <Beside
        aside={
          !isPlanned &&
          !rule.isForInvoicesOnly && (
            <Form method="post" ref={live.form} onChange={live.onChange}>
              <HiddenRate rule={rule} />
              <Trial rule={rule} more={more} live={live} state={state} />
            </Form>
          )
        }
      >
        {isPlanned ? (
          <Form method="post" ref={live.form} onChange={live.onChange} className="grid gap-5">
            <AskFirst />
            <Card title="Rate">
              <input type="hidden" name="version" value={rule.version} />
              <ConversionFields
                known={known}
                currencies={rule.choices.currencies}
                countries={rule.choices.countries}
                state={stateFor(state, 'change') ?? stateFor(state, 'try')}
              />
              <Actions>
                <Submit name="intent" value="change">
                  Save
                </Submit>
              </Actions>
            </Card>
            {!rule.isForInvoicesOnly && <Trial rule={rule} more={more} live={live} state={state} />}
          </Form>
        ) : (
          <Begun rule={rule} state={state} />
        )}
        {(isPlanned || rule.state === 'in force') && (
          <EndRule
            version={rule.version}
            isPlanned={isPlanned}
            what="rate"
            consequence={
              rule.isForInvoicesOnly
                ? 'After the last day invoices wait until there is another rate of the two currencies. To change the rate, enter a new one instead.'
                : `After the last day there is no rate for ${rule.currency}: orders in it stop until another one begins. To change the rate, enter a new one instead.`
            }
            state={stateFor(state, 'end')}
          />
        )}
        <RecordFoot foot={rule.foot} />
      </Beside>
    </Page>
  )
}

/** A rate that has begun is history: prices were made with it. */
function Begun({ rule, state }: { rule: Shown; state: FormState | undefined }) {
  return (
    <>
      <Card title="Rate">
        <Facts
          facts={[
            ['Rate', rule.rate],
            ['Market Country Pricelist', rule.market],
            ...(rule.isForInvoicesOnly
              ? []
              : [['Rule overrides sheet', rule.overridesSheet ? 'Yes' : 'No'] as const]),
            ['Source', rule.source],
            ['Valid from', rule.from],
            ['Until', rule.until || (rule.state === 'followed' ? 'a later rate began' : 'further notice')],
            ['Last changed', rule.changed],
          ]}
        />
        <p className="text-muted">
          {rule.isForInvoicesOnly ? 'Invoices' : 'Prices'} were made with it, so it stays as it is. A new rate
          may begin today.
        </p>
      </Card>
      <Card title="Note">
        <Form method="post" className="grid max-w-xl gap-4">
          <input type="hidden" name="version" value={rule.version} />
          <Field
            label="Note"
            name="note"
            isOptional
            defaultValue={rule.note}
            hint="For us only."
            state={stateFor(state, 'note')}
          />
          <Actions>
            <Submit name="intent" value="note">
              Save note
            </Submit>
          </Actions>
        </Form>
      </Card>
    </>
  )
}

/** The rule's own values, for a try-out of exactly this rate. */
function HiddenRate({ rule }: { rule: Shown }) {
  const { overridesSheet, isForInvoicesOnly: _isForInvoicesOnly, ...known } = rule.known
  return (
    <>
      {Object.entries(known).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {overridesSheet && <input type="hidden" name="overridesSheet" value="on" />}
    </>
  )
}

function Trial({
  rule,
  more,
  live,
  state,
}: {
  rule: Shown
  more: Answer | undefined
  live: ReturnType<typeof useLiveAnswer<Answer>>
  state: FormState | undefined
}) {
  return (
    <PriceTrial
      choices={more?.choices ?? rule.choices}
      typed={rule.typed}
      trial={live.latest?.trial ?? rule.trial}
      state={stateFor(state, 'try')}
      isAsking={live.isAsking}
      onChosen={live.ask}
      asksCurrency={false}
      lead="As if this rate held today."
    />
  )
}
