import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { cancelLicence, decideCancellation } from '#flows/provisioning/cancel-licence.ts'
import { requestTokenCheck } from '#flows/provisioning/check-token.ts'
import { resendKey } from '#flows/provisioning/resend-key.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { revealKey } from '#flows/provisioning/reveal-key.ts'
import { viewAsset } from '#views/assets/view-asset.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay, moneyDisplay } from '#web/format.ts'
import { Act, Facts, Field, FormNotice, List, Page, Panel, State, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Licence' }]

const moment = (at: Temporal.Instant | null | undefined) => (at ? momentDisplay(at) : '')

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const view = await shown(viewAsset(app.db, actor, { id: args.params['id'] as never, now: app.now() }))
  const { asset } = view
  return {
    id: asset.id,
    number: asset.number,
    name: asset.name,
    sku: asset.sku,
    state: asset.state,
    provisioning: asset.provisioning,
    reason: asset.failureReason ?? '',
    price: moneyDisplay(asset.price),
    bought: moment(asset.purchasedAt),
    keyMask: asset.keyMask ?? '',
    downloadLink: asset.downloadLink ?? '',
    returnableUntil: moment(asset.returnableUntil),
    orderId: asset.orderId,
    orderNumber: view.orderNumber,
    customer: view.endCustomer,
    payer: view.billingTo,
    instance: view.instanceName,
    tokenStatus: asset.tokenStatus ?? '',
    returnStatus: asset.returnStatus ?? '',
    checkedAt: moment(asset.checkedAt),
    may: view.may,
    notReturnableBecause: view.notReturnableBecause ?? '',
    mayDecide: actor.rights.has('decide-cancellations'),
    requests: view.returnRequests.map((each) => ({
      id: each.id,
      state: each.state,
      comment: each.comment,
      answer: each.answer,
      by: each.requestedByName,
      at: moment(each.requestedAt),
    })),
    mails: view.mails.map((mail) => ({
      id: mail.id,
      to: mail.toAddresses.join(', '),
      subject: mail.subject,
      state: mail.state,
      tries: mail.tries,
      answer: mail.serverAnswer,
      at: moment(mail.sentAt ?? mail.queuedAt),
    })),
    timeline: view.timeline.map((step, at) => ({
      key: String(at),
      at: momentDisplay(step.at, 'en', { seconds: true }),
      text: step.text || step.kind,
      outcome: step.outcome ?? '',
      actor: step.actor,
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  const assetId = args.params['id'] as never
  const here = `/assets/${args.params['id']}`
  return answer(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'reveal':
        return data(
          { revealed: await revealKey(app, actor, { assetId }) },
          { headers: { 'cache-control': 'no-store' } },
        )
      case 'resend':
        await resendKey(app, actor, { assetId, to: textOf(form, 'to') })
        return done(here, 'The e-mail with the key is on its way.')
      case 'retry':
        await retryLicence(app, actor, { assetId })
        return done(here, 'The licence is being asked for again, with the same id.')
      case 'check':
        await requestTokenCheck(app, actor, { assetId })
        return done(here, 'The vendor is being asked; the answer appears here.')
      case 'cancel':
        await cancelLicence(app, actor, { assetId, comment: textOf(form, 'comment') })
        return done(here, 'The vendor is being asked to take the licence back.')
      case 'send':
      case 'decline': {
        const decision = textOf(form, 'intent') === 'send' ? 'send' : 'decline'
        await decideCancellation(app, actor, {
          requestId: textOf(form, 'requestId') as never,
          decision,
          answer: textOf(form, 'answer'),
        })
        return done(
          here,
          decision === 'send' ? 'The request went to the vendor.' : 'The request is declined.',
        )
      }
      default:
        throw data('This page has no such button.', { status: 400 })
    }
  })
}

export default function AssetPage() {
  const asset = useLoaderData<typeof loader>()
  const result = useActionData() as
    | FormState
    | { revealed: { key: string; activationLink?: string } }
    | undefined
  const revealed = result && 'revealed' in result ? result.revealed : undefined
  const state = result && 'message' in result ? result : undefined
  return (
    <Page
      title={`Licence ${asset.number}`}
      lead={
        <>
          <State>{asset.state}</State> <State>{asset.provisioning}</State> {asset.reason}
        </>
      }
      actions={
        <>
          {asset.may.retry && (
            <Act intent="retry" plain={false}>
              Retry
            </Act>
          )}
          {asset.may.reveal && <Act intent="reveal">Reveal key</Act>}
          <Act intent="check">Check now</Act>
        </>
      }
    >
      <FormNotice state={state} />
      <Facts
        of={[
          ['Product', asset.name],
          ['SKU', asset.sku],
          [
            'Customer',
            <To key="c" to={`/accounts/${asset.customer.id}`}>
              {asset.customer.name}
            </To>,
          ],
          [
            'Billing to',
            <To key="p" to={`/accounts/${asset.payer.id}`}>
              {asset.payer.name}
            </To>,
          ],
          [
            'Order',
            <To key="o" to={`/orders/${asset.orderId}`}>
              {asset.orderNumber}
            </To>,
          ],
          ['Purchased', asset.bought],
          ['Price paid', asset.price],
          ['Key', <code key="k">{revealed?.key ?? asset.keyMask}</code>],
          ['Activation link', revealed?.activationLink],
          ['Download link', asset.downloadLink],
          ['Token status', asset.tokenStatus],
          ['Return status', asset.returnStatus],
          ['Checked', asset.checkedAt],
          ['Returnable until', asset.returnableUntil],
          ['Instance', asset.instance],
        ]}
      />
      {asset.may.resend && (
        <Panel title="Resend">
          <Form method="post" className="grid max-w-xl gap-3">
            <Field label="To another address (empty: the usual one)" name="to" type="email" state={state} />
            <div>
              <Submit intent="resend">Resend</Submit>
            </div>
          </Form>
        </Panel>
      )}
      {asset.requests.map((each) => (
        <Panel key={each.id} title={`Cancellation request: ${each.state}`}>
          <p>
            {each.at} {each.by}: {each.comment}
          </p>
          {each.answer && <p>Answer: {each.answer}</p>}
          {each.state === 'requested' && asset.mayDecide && (
            <Form method="post" className="grid max-w-xl gap-3">
              <input type="hidden" name="requestId" value={each.id} />
              <Field label="Answer" name="answer" rows={2} state={state} />
              <div className="flex gap-2">
                <Submit intent="send">Send to vendor</Submit>
                <Submit intent="decline" plain>
                  Decline
                </Submit>
              </div>
            </Form>
          )}
        </Panel>
      ))}
      {asset.mayDecide && (
        <Panel title="Cancel">
          {asset.may.cancel ? (
            <Form method="post" className="grid max-w-xl gap-3">
              <Field label="Comment" name="comment" rows={2} state={state} />
              <div>
                <Submit intent="cancel">Cancel licence</Submit>
              </div>
            </Form>
          ) : (
            <p>{asset.notReturnableBecause || 'A request is open.'}</p>
          )}
        </Panel>
      )}
      <Panel title="E-mails">
        <List
          caption="E-mails"
          columns={['When', 'To', 'Subject', 'State', 'Tries', 'Server’s answer']}
          empty="No e-mail yet."
          rows={asset.mails.map((mail) => ({
            key: mail.id,
            cells: [
              mail.at,
              mail.to,
              mail.subject,
              <State key="s">{mail.state}</State>,
              mail.tries,
              mail.answer,
            ],
          }))}
        />
      </Panel>
      <Panel title="Timeline">
        <List
          caption="Timeline"
          columns={['When', 'What', 'Outcome', 'Who']}
          empty="Nothing yet."
          rows={asset.timeline.map((step) => ({
            key: step.key,
            cells: [step.at, step.text, step.outcome, step.actor],
          }))}
        />
      </Panel>
    </Page>
  )
}
