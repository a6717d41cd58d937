// One licence with all of E11, and what can be done with it.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
  useLocation,
} from 'react-router'
import { cancelLicence, decideCancellation, undoCancellation } from '#flows/provisioning/cancel-licence.ts'
import { requestTokenCheck } from '#flows/provisioning/check-token.ts'
import { resendKey } from '#flows/provisioning/resend-key.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { revealKey } from '#flows/provisioning/reveal-key.ts'
import { asId } from '#kernel/ids.ts'
import { type AssetView, viewAsset } from '#views/assets/view-asset.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { stepsShown } from '#web/backoffice/steps-shown.ts'
import { UNDO_SECONDS, undoWords } from '#web/backoffice/undo-cancellation.ts'
import { momentDisplay, moneyDisplay } from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf } from '#web/forms.ts'
import { Actions, Button, LinkButton, PostButton, Submit } from '#web/ui/button.tsx'
import { KeyText } from '#web/ui/copy-button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { EmailField, FormScope, TextArea } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { Table } from '#web/ui/table.tsx'
import { CancellationRequest } from '../parts/cancellation-request.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { ReplacedBy } from '../parts/replaced-by.tsx'
import { State } from '../parts/state.tsx'
import { Steps } from '../parts/steps.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Licence' }]

const moment = (at: Temporal.Instant | null | undefined) => (at ? momentDisplay(at) : '')

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const view = await viewAsset(app.db, actor, { id: args.params['id'] as never, now: app.now() })
  const { asset } = view
  return {
    id: asset.id,
    foot: await recordFoot(args, 'asset', asset.id),
    number: asset.number,
    name: asset.name,
    sku: asset.sku,
    state: asset.state,
    provisioning: asset.provisioning,
    isAwaitingKey: asset.isAwaitingKey,
    reason: asset.failureReason ?? '',
    price: moneyDisplay(asset.price),
    bought: moment(asset.purchasedAt),
    keyMask: asset.keyMask ?? '',
    isReturned: asset.state === 'cancelled' && asset.provisioning === 'synchronized',
    hasActivationLink: view.hasActivationLink,
    downloadLink: asset.downloadLink ?? '',
    returnableUntil: moment(asset.returnableUntil),
    orderId: asset.orderId,
    orderNumber: view.orderNumber,
    customer: view.endCustomer,
    payer: view.billingTo,
    instance: view.instanceName,
    tokenStatus: asset.tokenStatus ?? '',
    returnStatus: asset.returnStatus ?? 'None',
    checkedAt: moment(asset.checkedAt),
    may: view.may,
    mayCheck: asset.provisioning === 'synchronized' && view.keySource === 'vendor',
    notReturnableBecause: view.notReturnableBecause ?? '',
    mayDecide: actor.rights.has('decide-cancellations'),
    credit: creditWords(view),
    mayReplace: actor.rights.has('order-on-behalf') && actor.rights.has('execute-orders'),
    givenUpBecause: asset.givenUpBecause ?? '',
    givenUpBy: asset.givenUpBy ?? '',
    replacedBy: view.replacedBy,
    isUnderWay:
      (asset.state === 'active' && asset.provisioning === 'unsynchronised') ||
      view.returnRequests.some(({ state }) => state === 'sent') ||
      view.mails.some(({ state }) => state === 'queued'),
    invoices: view.invoices.map(({ id, number, kind }) => ({ id, number, isCredit: kind === 'credit' })),
    requests: view.returnRequests.map((each) => ({
      id: each.id,
      state: each.state,
      comment: each.comment,
      answer: each.answer,
      by: each.requestedByName,
      at: moment(each.requestedAt),
      mayUndo: each.state === 'sent' && !each.isAsked && actor.rights.has('decide-cancellations'),
    })),
    opensMails: actor.rights.has('see-jobs'),
    mails: view.mails.map((mail) => ({
      id: mail.id,
      to: [...mail.toAddresses, ...mail.cc].join(', '),
      subject: mail.subject,
      state: mail.state,
      tries: mail.tries,
      answer: mail.serverAnswer,
      at: moment(mail.sentAt ?? mail.queuedAt),
    })),
    steps: stepsShown(view.timeline, { withAsset: false }),
  }
}

/** What comes back if the vendor takes it back. */
function creditWords({ charged, billingTo }: AssetView): string {
  return charged
    ? `all that was charged for it is credited to ${billingTo.name}: ${moneyDisplay(charged.total)}, of which ${moneyDisplay(charged.net)} net`
    : 'it is never charged, because it has not been invoiced yet'
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const assetId = args.params['id'] as never
  const here = `/assets/${args.params['id']}`
  return answerForm(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'reveal':
        return data(
          { revealed: await revealKey(app, actor, { assetId }) },
          { headers: { 'cache-control': 'no-store' } },
        )
      case 'resend':
        const { to } = await resendKey(app, actor, { assetId, to: textOf(form, 'to') })
        return done(here, `The e-mail with the key is on its way to ${to}.`)
      case 'retry':
        await retryLicence(app, actor, { assetId })
        return done(here, 'The licence is being asked for again, with the same id.')
      case 'check':
        await requestTokenCheck(app, actor, { assetId })
        return done(here, 'The vendor is being asked; the answer appears here.')
      case 'cancel':
        await cancelLicence(app, actor, {
          assetId,
          comment: textOf(form, 'comment'),
          undoSeconds: UNDO_SECONDS,
        })
        return done(here, undoWords)
      case 'undo':
        await undoCancellation(app, actor, { assetId })
        return done(here, 'Undone: the vendor was not asked, and the licence stays.')
      case 'send':
        await decideCancellation(app, actor, {
          requestId: asId(textOf(form, 'requestId'), 'return-request'),
          decision: 'send',
          undoSeconds: UNDO_SECONDS,
        })
        return done(here, undoWords)
      case 'decline':
        await decideCancellation(app, actor, {
          requestId: asId(textOf(form, 'requestId'), 'return-request'),
          decision: 'decline',
          answer: textOf(form, 'answer'),
        })
        return done(here, 'The request is declined, and the customer is told why.')
      default:
        throw noSuchForm()
    }
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>
type Revealed = { revealed?: { key: string; activationLink?: string } }

export default function AssetPage() {
  const asset = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<Revealed>()
  const own = ['resend', 'cancel', 'send', 'decline'].includes(state?.intent ?? '') ? undefined : state
  return (
    <Page
      title={`Licence ${asset.number}`}
      lead={
        <span className="flex flex-wrap items-center gap-2" aria-live="polite">
          {asset.name} <State>{asset.state}</State>{' '}
          <State>{asset.isAwaitingKey ? 'awaiting key' : asset.provisioning}</State>
        </span>
      }
      actions={
        <>
          {asset.mayCheck && <PostButton intent="check">Check now</PostButton>}
          {asset.may.retry && asset.mayReplace && (
            <LinkButton to={`/assets/${asset.id}/replace`} tone="plain">
              Replace…
            </LinkButton>
          )}
          {asset.may.retry && (
            <PostButton intent="retry" tone="primary">
              Retry
            </PostButton>
          )}
        </>
      }
    >
      <AutoRefresh isOn={asset.isUnderWay} />
      <FormNotice state={own} />
      {asset.givenUpBecause && (
        <Notice tone="info" title={`Given up by ${asset.givenUpBy}`}>
          <p>{asset.givenUpBecause}</p>
          {asset.replacedBy && (
            <p>
              <ReplacedBy order={asset.replacedBy} />
            </p>
          )}
        </Notice>
      )}
      {asset.reason && !asset.givenUpBecause && (
        <Notice tone={asset.provisioning === 'failed' ? 'danger' : 'warning'} title="Not delivered">
          {asset.reason}
        </Notice>
      )}
      <Columns
        aside={
          <>
            <About asset={asset} />
            <Cancellation asset={asset} state={state} />
          </>
        }
      >
        <Key asset={asset} revealed={more?.revealed} />
        <Mails asset={asset} state={stateFor(state, 'resend')} />
        <Card title="Timeline">
          <Steps steps={asset.steps} />
        </Card>
        <RecordFoot foot={asset.foot} />
      </Columns>
    </Page>
  )
}

function Key({ asset, revealed }: { asset: Shown; revealed: Revealed['revealed'] }) {
  return (
    <Card title="Key">
      <Facts
        facts={[
          [
            'Key',
            revealed ? (
              <KeyText key="k" text={revealed.key} />
            ) : (
              asset.keyMask && <code key="m">{asset.keyMask}</code>
            ),
          ],
          [
            'Activation link',
            revealed?.activationLink ? (
              <a key="a" href={revealed.activationLink} rel="noreferrer" className="break-all">
                {revealed.activationLink}
              </a>
            ) : (
              asset.hasActivationLink && !asset.isReturned && 'Shown with the key'
            ),
          ],
          [
            'Download link',
            asset.downloadLink && (
              <a key="d" href={asset.downloadLink} rel="noreferrer" className="break-all">
                {asset.downloadLink}
              </a>
            ),
          ],
          ['Token status', asset.tokenStatus && <State key="t">{asset.tokenStatus}</State>],
          ['Return status', <State key="r">{asset.returnStatus}</State>],
          ['Checked at', asset.checkedAt],
        ]}
      />
      {!asset.keyMask && <p className="text-muted">There is no key yet.</p>}
      {asset.isReturned && (
        <p className="text-muted">
          Returned: this key activates nothing any more, and the customer does not see it.
        </p>
      )}
      {asset.may.reveal && !revealed && (
        <Actions>
          <PostButton intent="reveal">{asset.isReturned ? 'Show the returned key' : 'Reveal key'}</PostButton>
          <span className="text-muted">Who reveals a key stands in the audit log.</span>
        </Actions>
      )}
    </Card>
  )
}

function Mails({ asset, state }: { asset: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  return (
    <Section title="E-mails">
      {asset.mails.length === 0 ? (
        <p className="card p-4 text-muted">No e-mail yet. It follows the key.</p>
      ) : (
        <Table
          caption="E-mails"
          heads={['When', 'To', 'Subject', 'State', 'Tries', 'Server’s answer']}
          numeric={[4]}
          rows={asset.mails.map((mail) => ({
            key: mail.id,
            cells: [
              <span key="at" className="whitespace-nowrap">
                {mail.at}
              </span>,
              mail.to,
              asset.opensMails ? (
                <Link key="to" to={`/mails/${mail.id}`}>
                  {mail.subject || 'Not written yet'}
                </Link>
              ) : (
                mail.subject
              ),
              <State key="s">{mail.state}</State>,
              mail.tries,
              mail.answer,
            ],
          }))}
        />
      )}
      {asset.may.resend && (
        <Card title="Resend">
          <FormNotice state={state} />
          <Form key={key} method="post" className="flex flex-wrap items-start gap-3">
            <div className="min-w-0 flex-[1_1_18rem] sm:max-w-md">
              <EmailField
                label="To another address"
                name="to"
                isOptional
                hint="Empty: to the address that receives this customer’s keys."
                autoComplete="off"
                state={state}
              />
            </div>
            <Button name="intent" value="resend" className="sm:mt-[1.6rem]">
              Resend
            </Button>
          </Form>
        </Card>
      )}
    </Section>
  )
}

function About({ asset }: { asset: Shown }) {
  return (
    <Card title="Details">
      <Facts
        facts={[
          [
            'Customer',
            <Link key="c" to={`/accounts/${asset.customer.id}`}>
              {asset.customer.name}
            </Link>,
          ],
          [
            'Billing to',
            <Link key="p" to={`/accounts/${asset.payer.id}`}>
              {asset.payer.name}
            </Link>,
          ],
          [
            'Order',
            <Link key="o" to={`/orders/${asset.orderId}`}>
              {asset.orderNumber}
            </Link>,
          ],
          ['Purchase date', asset.bought],
          ['Product', asset.name],
          ['SKU', asset.sku],
          ['Price paid', asset.price],
          ['Status', asset.state],
          ['Provisioning status', asset.provisioning],
          ['Returnable until', asset.returnableUntil],
          ['Instance', asset.instance],
          [
            'Invoices',
            asset.invoices.length > 0 &&
              asset.invoices.map((each) => (
                <div key={each.id}>
                  <Link to={`/invoices/${each.id}`}>{each.number}</Link> {each.isCredit && '(credit)'}
                </div>
              )),
          ],
        ]}
      />
    </Card>
  )
}

function Cancellation({ asset, state }: { asset: Shown; state: FormState | undefined }) {
  const { key } = useLocation()
  const cancelling = stateFor(state, 'cancel')
  return (
    <>
      {asset.requests.map((each) => (
        <CancellationRequest
          key={each.id}
          request={each}
          licence={asset.number}
          mayDecide={asset.mayDecide}
          credit={asset.credit}
          state={state}
        />
      ))}
      {asset.mayDecide && asset.state === 'active' && asset.provisioning === 'synchronized' && (
        <Card title="Cancel">
          {asset.may.cancel ? (
            <Form key={key} method="post" className="grid gap-3">
              <FormNotice state={cancelling} />
              <TextArea label="Comment" name="comment" rows={2} isOptional state={cancelling} />
              <Actions>
                <ConfirmButton
                  button="Cancel licence"
                  tone="danger"
                  title={`Cancel licence ${asset.number}`}
                  question={`The vendor is asked to take it back. If it agrees, the licence is cancelled and ${asset.credit}.`}
                  ok="Cancel licence"
                  value="cancel"
                />
              </Actions>
            </Form>
          ) : (
            <p className="text-muted">{asset.notReturnableBecause || 'A request is open.'}</p>
          )}
        </Card>
      )}
    </>
  )
}
