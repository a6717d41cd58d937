// Price sheets: what is in force in which market, what waits, and how a file comes in.
import { type ActionFunctionArgs, Link, type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router'
import { takeFile } from '#flows/api/take-file.ts'
import { requestSheets } from '#flows/price-sheets/fetch-sheets.ts'
import { MOST_SHEET_BYTES, receiveSheet } from '#flows/price-sheets/receive-sheet.ts'
import { countryChoices } from '#kernel/countries.ts'
import { invalid } from '#kernel/failure.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { readPlace } from '#modules/price-sheets'
import { browsePriceSheets, listMarkets, type MarketLine } from '#views/price-sheets/price-sheets.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { marketWords, monthWords, sheetRow, viewChoices, viewWords } from '#web/backoffice/sheet-shown.ts'
import { momentDisplay, numberDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { PostButton } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Empty, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { FilterLinks, List, Narrowed, Table, Toolbar } from '#web/ui/table.tsx'
import { SheetUpload } from '../parts/sheet-upload.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Price sheets' }]

const states = ['received', 'checked', 'active', 'superseded', 'refused'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const { cursor } = askedOf(args.url)
  const market = args.url.searchParams.get('market')?.toUpperCase() || undefined
  const [markets, page] = await Promise.all([
    listMarkets(app.db, actor),
    browsePriceSheets(app.db, actor, {
      market,
      state: choiceOf(args.url, 'state', states),
      cursor,
      limit: 50,
    }),
  ])
  const now = app.now().toZonedDateTimeISO('UTC')
  return {
    narrowed: market && marketWords(market),
    isFetchable: app.connectors.some((each) => each.sells === 'subscriptions'),
    isReading: page.items.some((sheet) => sheet.state === 'received') || markets.some(isAwaited),
    choices: countryChoices().map(({ code, name }) => ({ value: code as string, label: name })),
    views: viewChoices,
    month: now.toPlainDate().toPlainYearMonth().toString(),
    markets: markets.map((each) => ({
      key: `${each.market} ${each.view}`,
      code: each.market,
      market: marketWords(each.market),
      view: viewWords(each.view),
      id: each.id,
      month: each.month && monthWords(each.month),
      rows: each.rowCount === null ? '' : numberDisplay(each.rowCount),
      since: each.activatedAt && momentDisplay(each.activatedAt),
      waitingId: each.waitingId,
      waiting: each.waitingMonth && monthWords(each.waitingMonth),
      fetched: fetchedWords(each),
      problem: isAwaited(each) ? null : each.problem,
    })),
    sheets: page.items.map(sheetRow),
    nextCursor: page.nextCursor,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'fetch') {
      const count = await requestSheets(app, actor)
      return done(
        '/setup/price-sheets',
        `${count === 1 ? 'One sheet is' : `${count} sheets are`} being fetched. What is new appears below and waits for you; what came of each is told by market.`,
      )
    }
    const place = readPlace({
      market: textOf(form, 'market'),
      view: textOf(form, 'view'),
      month: textOf(form, 'month'),
    })
    const file = form.get('file')
    if (!(file instanceof File) || file.size === 0)
      throw invalid({ pointer: '/file', code: 'required', message: 'Choose a file first.' })
    const kept = await takeFile(file.stream(), MOST_SHEET_BYTES)
    try {
      const sheet = await receiveSheet(app, actor, {
        ...place,
        path: kept.path,
        fileName: file.name,
        source: 'upload',
        corrects: (textOf(form, 'corrects') || undefined) as PriceSheetId | undefined,
      })
      return redirect(`/setup/price-sheets/${sheet.id}`, 303)
    } finally {
      await kept.remove()
    }
  })
}

/** A question whose answer has not come; a job that goes on failing has answered. */
function isAwaited({ askedAt, answeredAt }: MarketLine): boolean {
  return askedAt !== null && (answeredAt === null || Temporal.Instant.compare(answeredAt, askedAt) < 0)
}

function fetchedWords(market: MarketLine): string {
  if (isAwaited(market)) return 'being fetched'
  if (!market.answeredAt || !market.outcome) return 'never'
  return `${momentDisplay(market.answeredAt)}: ${outcomeWords[market.outcome]}`
}

const outcomeWords: Readonly<Record<NonNullable<MarketLine['outcome']>, string>> = {
  new: 'a new sheet',
  same: 'nothing new',
  none: 'no sheet of this month',
  failed: 'failed',
}

export default function PriceSheets() {
  const it = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const of = (intent: string) => (state?.intent === intent ? state : undefined)
  const [first] = it.markets
  return (
    <Page
      title="Price sheets"
      lead="What the vendor charges and suggests, market by market. A release changes no price before it is put in force."
      actions={
        it.isFetchable && (
          <PostButton intent="fetch" pendingText="Asking…">
            Fetch now
          </PostButton>
        )
      }
    >
      <AutoRefresh isOn={it.isReading} />
      <FormNotice state={of('fetch')} />
      {it.markets.length > 0 && (
        <Section title="By market">
          <Table
            caption="By market"
            heads={['Market', 'View', 'In force', 'Rows', 'Since', 'Waiting', 'Last fetched']}
            numeric={[3]}
            rows={it.markets.map((each) => ({
              key: each.key,
              cells: [
                <Link key="m" to={`?market=${each.code}`}>
                  {each.market}
                </Link>,
                each.view,
                each.id ? (
                  <Link key="id" to={`/setup/price-sheets/${each.id}`}>
                    {each.month}
                  </Link>
                ) : (
                  <span key="none" className="text-muted">
                    nothing: cannot be sold there
                  </span>
                ),
                each.rows,
                each.since,
                each.waitingId && (
                  <Link key="w" to={`/setup/price-sheets/${each.waitingId}`}>
                    {each.waiting}: compare and activate
                  </Link>
                ),
                <span key="f">
                  {each.fetched}
                  {each.problem && <span className="block text-bad">{each.problem}</span>}
                </span>,
              ],
            }))}
          />
        </Section>
      )}
      <Card title="Upload a price sheet">
        <SheetUpload
          place={{ market: first?.code ?? 'DE', view: 'software', month: it.month }}
          markets={it.choices}
          views={it.views}
          state={of('upload')}
        />
      </Card>
      <Section title="Releases">
        <Toolbar>
          <FilterLinks
            name="state"
            choices={[
              { value: 'checked', label: 'Ready' },
              { value: 'active', label: 'In force' },
              { value: 'superseded', label: 'Were in force' },
              { value: 'refused', label: 'Refused' },
            ]}
          />
          {it.narrowed && <Narrowed name="market">{it.narrowed}</Narrowed>}
        </Toolbar>
        <List
          caption="Releases"
          heads={['Market', 'Month', 'View', 'State', 'Rows', 'Wrong', 'File', 'Received']}
          numeric={[4, 5]}
          nextCursor={it.nextCursor}
          empty={
            <Empty title="No price sheet here">
              {it.isFetchable
                ? 'Sheets are fetched every day for the markets somebody is sold to; or upload a file.'
                : 'Upload a file as the vendor publishes it.'}
            </Empty>
          }
          rows={it.sheets.map((sheet) => ({
            key: sheet.id,
            cells: [
              <Link key="to" to={`/setup/price-sheets/${sheet.id}`}>
                {sheet.market}
              </Link>,
              sheet.month,
              sheet.view,
              <State key="state">{sheet.state}</State>,
              sheet.rows,
              sheet.wrong,
              sheet.fileName,
              sheet.received,
            ],
          }))}
        />
      </Section>
    </Page>
  )
}
