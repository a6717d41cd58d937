// One release of a price sheet: how far its reading is, what it changes, what is wrong in it, and the two moves: in force, and back.
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  useHref,
  useLoaderData,
} from 'react-router'
import { activateSheet, rollBackSheet } from '#flows/price-sheets/activate-sheet.ts'
import { requestSimulation } from '#flows/price-sheets/simulate-sheet.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { viewActivation } from '#views/price-sheets/activation.ts'
import { viewPriceSheet } from '#views/price-sheets/price-sheets.ts'
import { viewSimulation } from '#views/price-sheets/simulation.ts'
import { activationShown } from '#web/backoffice/activation-shown.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import {
  type EffectsShown,
  effectLists,
  effectsShown,
  simulationShown,
} from '#web/backoffice/sheet-effects.ts'
import {
  comparisonShown,
  marketWords,
  monthWords,
  sizeWords,
  sourceWords,
  stateWords,
  viewWords,
} from '#web/backoffice/sheet-shown.ts'
import { momentDisplay, numberDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { PostButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { FilterLinks, Table } from '#web/ui/table.tsx'
import { ActivateSheet } from '../parts/activate-sheet.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { SheetEffects } from '../parts/sheet-effects.tsx'
import { SheetUpload } from '../parts/sheet-upload.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Price sheet' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as PriceSheetId
  const { cursor } = askedOf(args.url)
  const { sheet, against, before, faults } = await viewPriceSheet(app.db, actor, { id })
  const show = choiceOf(args.url, 'show', effectLists) ?? 'rows'
  const canBeTried = sheet.state === 'checked' || sheet.state === 'superseded'
  const [simulation, activation] = canBeTried
    ? await Promise.all([viewSimulation(app.db, actor, { id }), viewActivation(app.db, actor, { id })])
    : []
  const effects =
    sheet.comparison?.against && (await effectsShown(app.db, actor, show, { id, cursor, limit: 50 }))
  const moment = (at: Temporal.Instant | undefined) => at && momentDisplay(at)
  return {
    id: id as string,
    foot: await recordFoot(args, 'price-sheet', sheet.id),
    title: `${marketWords(sheet.market)}, ${monthWords(sheet.month)}`,
    place: { market: sheet.market, view: sheet.view as string, month: sheet.month },
    view: viewWords(sheet.view),
    state: sheet.state,
    stateWords: stateWords(sheet.state),
    refusedBecause: sheet.refusedBecause,
    megabytes: { read: Math.round(sheet.bytesRead / 1e5) / 10, of: Math.round(sheet.bytes / 1e5) / 10 },
    progress: numberDisplay(sheet.progress),
    faultCount: sheet.faultCount,
    faultWords: numberDisplay(sheet.faultCount),
    rows: numberDisplay(sheet.rowCount),
    ambiguous: sheet.ambiguousCount === 0 ? '' : numberDisplay(sheet.ambiguousCount),
    comparison: comparisonShown(sheet),
    against: against && { id: against.id as string, words: monthWords(against.month) },
    before: before && {
      id: before.id as string,
      words: monthWords(before.month),
      since: moment(before.receivedAt),
    },
    facts: [
      ['File', sheet.fileName],
      ['Size', sizeWords(sheet.bytes)],
      ['Rows', sheet.state === 'received' ? '' : numberDisplay(sheet.rowCount)],
      ['Wrong rows', sheet.faultCount === 0 ? '' : numberDisplay(sheet.faultCount)],
      ['Came', sourceWords(sheet.source)],
      ['By', sheet.receivedBy],
      ['Received', moment(sheet.receivedAt)],
      ['Read', moment(sheet.checkedAt)],
      ['In force since', sheet.state === 'active' ? moment(sheet.activatedAt) : undefined],
      ['In force until', sheet.state === 'superseded' ? moment(sheet.supersededAt) : undefined],
    ] as [string, string | undefined][],
    canBeTried,
    simulation: simulationShown(simulation),
    activation: activation && activationShown(activation),
    effects,
    faults: faults.map(({ line, column, reason, raw }) => ({
      line,
      column,
      reason,
      raw: raw.length > 160 ? `${raw.slice(0, 160)}…` : raw,
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const id = args.params['id'] as PriceSheetId
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'roll-back') {
      const before = await rollBackSheet(app, actor, { id })
      return done(
        `/setup/price-sheets/${before.id}`,
        `Rolled back: the prices of ${monthWords(before.month)} are in force again.`,
      )
    }
    if (textOf(form, 'intent') === 'try-out') {
      await requestSimulation(app, actor, { id })
      return done(`/setup/price-sheets/${id}?show=renewals`, 'The release is being tried out.')
    }
    const leavingOut = textOf(form, 'leavingOut')
    const sheet = await activateSheet(app, actor, {
      id,
      leavingOut: leavingOut === '' ? undefined : Number(leavingOut),
      confirmsLosses: textOf(form, 'confirmsLosses') === 'yes',
    })
    return done(
      `/setup/price-sheets/${id}`,
      `The prices of ${monthWords(sheet.month)} are in force. Products and plans follow in a moment.`,
    )
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function PriceSheetPage() {
  const it = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title={it.title}
      lead={
        <span className="flex flex-wrap items-center gap-2" aria-live="polite">
          {it.view} <State>{it.stateWords}</State>
        </span>
      }
      crumbs={[{ to: '/setup/price-sheets', label: 'Price sheets' }]}
      actions={<Moves it={it} />}
    >
      <AutoRefresh isOn={it.state === 'received' || it.simulation?.isRunning === true} />
      <FormNotice state={state} />
      {state?.code === 'price-sheet/loses-prices' && (
        <Losses it={it} words={state.errors['confirmsLosses']} />
      )}
      {it.refusedBecause && (
        <Notice tone="danger" title="The file was refused as a whole; nothing of it was kept">
          {it.refusedBecause}
        </Notice>
      )}
      {it.state === 'received' && (
        <Card>
          <Progress
            label={
              it.progress === '0'
                ? 'Reading the file (MB)'
                : `Reading the file (MB), ${it.progress} rows so far`
            }
            done={it.megabytes.read}
            of={it.megabytes.of}
          />
          <p className="text-muted">You may leave this page; the reading goes on.</p>
        </Card>
      )}
      <Columns
        aside={
          <Card title="This release">
            <Facts facts={it.facts} />
            {it.ambiguous && (
              <p className="text-muted">
                {it.ambiguous} rows hold at the same time as another one of their plan; the one that ends last
                counts.
              </p>
            )}
          </Card>
        }
      >
        {it.faultCount > 0 && <Faults it={it} />}
        {it.comparison && <Comparison it={it} />}
        {it.canBeTried && <TryOut it={it} />}
        {it.effects && <Effects it={it} effects={it.effects} />}
        <RecordFoot foot={it.foot} />
      </Columns>
    </Page>
  )
}

function Moves({ it }: { it: Shown }) {
  if (it.state === 'active')
    return it.before ? (
      <Form method="post" className="inline-flex">
        <ConfirmButton
          button="Roll back"
          tone="plain"
          title={`Back to ${it.before.words}?`}
          question={`The prices of the release of ${it.before.words}, received ${it.before.since}, come into force again, exactly as they were. Orders that were placed keep their prices.`}
          ok="Roll back"
          value="roll-back"
        />
      </Form>
    ) : null
  return it.activation ? <ActivateSheet title={it.title} activation={it.activation} /> : null
}

/** The second question: asked by the server, which alone knows what is lost at this moment. */
function Losses({ it, words }: { it: Shown; words: string | undefined }) {
  return (
    <Notice tone="danger" title="It is not in force: prices would be lost" isAlert>
      <p>{words} Orders of it stop and its renewals wait, until a sheet has a price for it again.</p>
      <div className="mt-2">
        <PostButton
          intent="activate"
          tone="danger"
          fields={{
            confirmsLosses: 'yes',
            ...(it.faultCount > 0 ? { leavingOut: String(it.faultCount) } : {}),
          }}
        >
          Activate all the same
        </PostButton>
      </div>
    </Notice>
  )
}

const counted = (counts: readonly (readonly [string, string])[]) => (
  <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
    {counts.map(([name, count]) => (
      <div key={name} className="flex flex-col justify-between">
        <dt className="text-muted">{name}</dt>
        <dd className="text-xl font-semibold tabular-nums">{count}</dd>
      </div>
    ))}
  </dl>
)

function Comparison({ it }: { it: Shown }) {
  const { comparison, against } = it
  if (!comparison) return null
  return (
    <Section title={against ? 'What it changes' : 'The first release of this market'}>
      <Card>
        {counted(comparison.counts)}
        <p className="text-muted">
          {against ? (
            <>
              Against <Link to={`/setup/price-sheets/${against.id}`}>the release of {against.words}</Link>,
              which was in force when this was worked out. {comparison.prices} {comparison.margin}
            </>
          ) : (
            'No other release was in force when this one was read, so every row is new.'
          )}
        </p>
      </Card>
    </Section>
  )
}

/** What would happen to what runs, worked out before it is in force. */
function TryOut({ it }: { it: Shown }) {
  const { simulation } = it
  return (
    <Section
      title="If it came into force"
      actions={
        !simulation?.isRunning && (
          <PostButton intent="try-out">{simulation ? 'Try it out again' : 'Try it out'}</PostButton>
        )
      }
    >
      <Card>
        {!simulation && (
          <p className="text-muted">
            Trying it out prices every subscription that renews with the release in force and with this one,
            and changes nothing.
          </p>
        )}
        {simulation?.isRunning && (
          <Progress label="Subscriptions priced" done={simulation.done} of={simulation.total} />
        )}
        {simulation && !simulation.isRunning && (
          <>
            {simulation.isStale && (
              <Notice tone="warning">
                Another release came into force since this was worked out. Try it out again.
              </Notice>
            )}
            {counted(simulation.counts)}
            <p className="text-muted">
              {simulation.total === 0
                ? 'No subscription that renews is touched.'
                : `Of ${simulation.totalWords} ${simulation.total === 1 ? 'subscription' : 'subscriptions'} priced from what it changes.`}{' '}
              Worked out {simulation.finished}.
            </p>
          </>
        )}
      </Card>
    </Section>
  )
}

function Effects({ it, effects }: { it: Shown; effects: EffectsShown }) {
  return (
    <Section title="In detail">
      <FilterLinks
        name="show"
        all={false}
        current={effects.show}
        choices={[
          { value: 'rows', label: 'Rows' },
          { value: 'products', label: 'Margin by product' },
          ...(it.simulation
            ? [
                { value: 'renewals', label: 'Renewals' },
                { value: 'customers', label: 'Margin by customer' },
                { value: 'baskets', label: 'Open baskets' },
              ]
            : []),
        ]}
      />
      <SheetEffects list={effects} />
    </Section>
  )
}

function Faults({ it }: { it: Shown }) {
  const file = useHref(`/setup/price-sheets/${it.id}/errors.csv`)
  return (
    <Section
      title={`Wrong rows (${it.faultWords})`}
      actions={
        <a className="button" href={file} download>
          Download error file
        </a>
      }
    >
      <Table
        caption="Wrong rows"
        heads={['Line', 'Column', 'What is wrong', 'Row']}
        rows={it.faults.map((fault) => ({
          key: String(fault.line),
          cells: [
            fault.line,
            fault.column || '(the whole row)',
            <span key="why" className="sentence">
              {fault.reason}
            </span>,
            <code key="raw" className="sentence text-[0.85em] break-all text-muted">
              {fault.raw}
            </code>,
          ],
        }))}
      />
      {it.faultCount > it.faults.length && (
        <p className="text-muted">The first {it.faults.length}. All of them are in the error file.</p>
      )}
      <Card title="Send the corrected rows">
        <p className="text-muted">
          Download the error file, correct its rows and send it again: together with the {it.rows} good rows
          of this release it becomes a new one.
        </p>
        <CorrectionForm it={it} />
      </Card>
    </Section>
  )
}

function CorrectionForm({ it }: { it: Shown }) {
  return <SheetUpload place={it.place} markets={[]} views={[]} corrects={it.id} state={undefined} />
}
