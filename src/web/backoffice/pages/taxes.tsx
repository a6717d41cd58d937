// Taxes: rates by country, kind of product and day. Which of them applies (domestic, reverse charge, export) is no setting.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { enterStandardRates, enterTaxRate, removeTaxRate } from '#flows/setup/manage-tax-rates.ts'
import { countryChoices, countryName } from '#kernel/countries.ts'
import { partlyRated, taxProductTypes } from '#modules/pricing'
import { assertMay } from '#modules/users'
import { sellersToday } from '#views/pricing/today.ts'
import { listTaxRates } from '#views/setup/seller.ts'
import { choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { productTypeWords } from '#web/backoffice/product-type-words.ts'
import { dayDisplay, percentDisplay } from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Field, SelectField } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, FieldGrid, Page } from '#web/ui/page.tsx'
import { FilterLinks, Table, Toolbar } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Taxes' }]

const shown = ['now', 'all'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-setup')
  const at = app.now()
  const isWhole = choiceOf(args.url, 'show', shown) === 'all'
  const rates = await listTaxRates(app.db, actor, { at })
  return {
    rates: rates
      .filter(({ state }) => isWhole || state !== 'ended')
      .map((rate) => ({
        country: rate.country,
        productType: rate.productType,
        validFrom: rate.validFrom.toString(),
        name: `${countryName(rate.country, 'en')} (${rate.country})`,
        kind: productTypeWords[rate.productType],
        percent: percentDisplay(rate.basisPoints),
        from: dayDisplay(rate.validFrom),
        to: rate.validTo ? dayDisplay(rate.validTo) : 'until another follows',
        state: rate.state,
      })),
    gaps: partlyRated(rates.filter(({ state }) => state === 'in force')).map(({ country, missing }) => ({
      country: countryName(country, 'en'),
      missing: wordList(missing.map((kind) => inSentence(productTypeWords[kind]))),
    })),
    countries: countryChoices('en').map(({ code, name }) => ({ value: code, label: `${name} (${code})` })),
    kinds: taxProductTypes.map((value) => ({ value, label: productTypeWords[value] })),
    today: (await sellersToday(app.db, at)).toString(),
  }
}

/** `ESD` keeps its capitals. */
const inSentence = (words: string) => words.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())

const wordList = (words: readonly string[]) => new Intl.ListFormat('en').format(words)

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const key = {
      country: textOf(form, 'country'),
      productType: textOf(form, 'productType'),
      validFrom: textOf(form, 'validFrom'),
    }
    switch (textOf(form, 'intent')) {
      case 'standard': {
        const entered = await enterStandardRates(app, actor)
        return done(
          '/setup/taxes',
          entered.length === 0
            ? 'Every country of the list has a rate already.'
            : `Entered for ${entered.join(', ')}. Check them before you sell there.`,
        )
      }
      case 'remove':
        await removeTaxRate(app, actor, key)
        return done('/setup/taxes', 'The rate is removed: it had not begun.')
      case 'save': {
        const { rate, isNew } = await enterTaxRate(app, actor, {
          ...key,
          validTo: textOf(form, 'validTo'),
          percent: textOf(form, 'percent'),
        })
        const what = `${percentDisplay(rate.basisPoints)} in ${countryName(rate.country, 'en')}`
        return done(
          '/setup/taxes',
          `${what} from ${dayDisplay(rate.validFrom)} is ${isNew ? 'entered' : 'corrected'}.`,
        )
      }
      default:
        throw noSuchForm()
    }
  })
}

export default function Taxes() {
  const { rates, gaps, countries, kinds, today } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="Taxes"
      lead="Rates by country, kind of product and day. Orders and invoices keep the rate they were made with."
      actions={
        <Form method="post">
          <ConfirmButton
            button="Enter standard rates"
            title="Enter standard rates?"
            question="For the EU, Great Britain, Switzerland, Norway and the United States, where a country has no rate yet. Nothing that is entered changes."
            value="standard"
          />
        </Form>
      }
    >
      <FormNotice state={state} />
      <Form method="post" key={state ? 'answered' : rates.length}>
        <Card title="Enter or correct a rate">
          <FieldGrid columns={3}>
            <SelectField
              label="Country"
              name="country"
              options={countries}
              placeholder="Choose"
              required
              state={state}
            />
            <SelectField
              label="Kind of product"
              name="productType"
              options={kinds}
              defaultValue="all"
              hint="A kind’s own rate goes before that for all."
              state={state}
            />
            <Field
              label="Rate in percent"
              name="percent"
              inputMode="decimal"
              required
              placeholder="25.5"
              state={state}
            />
            <Field
              label="Valid from"
              name="validFrom"
              type="date"
              required
              defaultValue={today}
              hint="The same country, kind and day corrects what is there."
              state={state}
            />
            <Field
              label="Valid to"
              name="validTo"
              type="date"
              isOptional
              hint="Blank: until the next rate begins."
              state={state}
            />
          </FieldGrid>
          <Actions>
            <Submit name="intent" value="save">
              Enter rate
            </Submit>
          </Actions>
        </Card>
      </Form>
      <Toolbar>
        <FilterLinks
          name="show"
          all="In force and planned"
          choices={[{ value: 'all', label: 'With history' }]}
        />
      </Toolbar>
      {gaps.length > 0 && (
        <Notice tone="warning" title="Rates are missing today">
          {gaps.map(({ country, missing }) => (
            <p key={country}>
              {country} has no rate for {missing}: where VAT is due there, these cannot be ordered. Enter a
              rate for each, or one for all products.
            </p>
          ))}
        </Notice>
      )}
      {rates.length === 0 ? (
        <Empty title="No rates yet">Nothing can be ordered where a rate is missing that is needed.</Empty>
      ) : (
        <Table
          caption="Tax rates"
          heads={['Country', 'Kind of product', 'Rate', 'Valid from', 'Valid to', 'State', '']}
          numeric={[2]}
          rows={rates.map((rate) => ({
            key: `${rate.country} ${rate.productType} ${rate.validFrom}`,
            cells: [
              rate.name,
              rate.kind,
              rate.percent,
              rate.from,
              rate.to,
              <State key="s">{rate.state}</State>,
              rate.state === 'planned' && (
                <Form method="post" key="r">
                  <input type="hidden" name="country" value={rate.country} />
                  <input type="hidden" name="productType" value={rate.productType} />
                  <input type="hidden" name="validFrom" value={rate.validFrom} />
                  <ConfirmButton
                    button="Remove"
                    tone="danger"
                    title={`Remove ${rate.percent} in ${rate.name}?`}
                    question={`It begins on ${rate.from}. The rate before it goes on then.`}
                    value="remove"
                  />
                </Form>
              ),
            ],
          }))}
        />
      )}
    </Page>
  )
}
