// A new rate, tried out while it is typed.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { createConversionRule } from '#flows/pricing/manage-conversion-rules.ts'
import { isCurrency } from '#kernel/money.ts'
import { conversionInput } from '#modules/pricing'
import { viewConversionRule } from '#views/pricing/conversion-rules.ts'
import { sellersToday } from '#views/pricing/today.ts'
import { conversionTyped, homeOf, rateText, tryTypedRate } from '#web/backoffice/conversion-form.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { type ShownTrial, trialChoices } from '#web/backoffice/price-trial.ts'
import { answerForm, done, textOf, typedState } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { Beside } from '../parts/beside.tsx'
import { ConversionFields } from '../parts/conversion-fields.tsx'
import { AskFirst, PriceTrial } from '../parts/price-trial.tsx'
import { useAnswer } from '../use-answer.ts'
import { useLiveAnswer } from '../use-live-answer.ts'

export const meta = () => [{ title: 'New rate' }]

/**
 * `?after=<id>`: the next rate of the same currency, with everything as it was but the rate. `?currency=VES&base=EUR&invoices`: the rate
 * an invoice waits for.
 */
export async function loader(args: LoaderFunctionArgs) {
  const desk = deskOf(args)
  const { app, actor } = desk
  const after = args.url.searchParams.get('after')
  const today = await sellersToday(app.db, app.now())
  const before = after
    ? conversionInput(await viewConversionRule(app.db, actor, { id: after, at: app.now() }))
    : undefined
  const asked = (name: string, otherwise: string) => {
    const code = args.url.searchParams.get(name) ?? ''
    return isCurrency(code) ? code : otherwise
  }
  const choices = await trialChoices(desk)
  return {
    choices,
    known: {
      ...(before ?? {
        currency: asked('currency', ''),
        baseCurrency: asked('base', 'USD'),
        market: '',
        overridesSheet: false,
        isForInvoicesOnly: args.url.searchParams.has('invoices'),
        source: '',
      }),
      rate: '',
      note: '',
      validFrom: today.toString(),
    },
    typed: {
      planId: choices.plans[0]?.id ?? '',
      country: homeOf(before?.currency ?? '', 'DE'),
      currency: '',
      quantity: '1',
    },
  }
}

export async function action(args: ActionFunctionArgs) {
  const { form, ...desk } = await formAtDesk(args)
  const answered = await answerForm(form, async () => {
    if (textOf(form, 'intent') !== 'create') return data(typedState(form))
    const rule = await createConversionRule(desk.app, desk.actor, conversionTyped(form))
    return done(
      `/setup/conversion/${rule.id}`,
      `The rate ${rateText(rule)} is entered and holds from ${rule.validFrom} on.`,
    )
  })
  if (answered instanceof Response) return answered
  const trial = await tryTypedRate(desk, form)
  return data({ ...answered.data, trial, choices: await trialChoices(desk, form) }, answered.init ?? {})
}

type Answer = { readonly trial?: ShownTrial; readonly choices?: Awaited<ReturnType<typeof trialChoices>> }

export default function NewRate() {
  const { choices, known, typed } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Answer>()
  const { form, latest, onChange, ask, isAsking } = useLiveAnswer('try', more)
  return (
    <Page
      title="New rate"
      crumbs={[{ to: '/setup/conversion', label: 'Conversion tool' }]}
      lead="It takes the place of an earlier rate of the same currency on the day it begins; one for invoices only, of the same two currencies."
    >
      {state && state.intent !== 'try' && <FormNotice state={state} />}
      <Form method="post" ref={form} onChange={onChange}>
        <AskFirst />
        <Beside
          aside={
            <PriceTrial
              choices={more?.choices ?? choices}
              typed={typed}
              trial={latest?.trial}
              state={state}
              isAsking={isAsking}
              onChosen={ask}
              asksCurrency={false}
              lead="With the rate as it stands in the form; nothing is kept yet."
            />
          }
        >
          <Card title="Rate">
            <ConversionFields
              known={known}
              currencies={choices.currencies}
              countries={choices.countries}
              state={state}
            />
            <Actions>
              <Submit name="intent" value="create">
                Enter rate
              </Submit>
              <LinkButton to="/setup/conversion" tone="quiet">
                Cancel
              </LinkButton>
            </Actions>
          </Card>
        </Beside>
      </Form>
    </Page>
  )
}
