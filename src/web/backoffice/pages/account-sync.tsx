// Sync Options of an account (E9, E10). Save & Synchronize asks first: in a dialog, or on a page of its own without JavaScript.
import { useRef } from 'react'
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router'
import { connectorOf, saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { viewSync } from '#views/accounts/view-account.ts'
import { answer, deskOf, done, type FormState, shown, textOf } from '#web/backoffice/pages/shared/desk.ts'
import { Field, FormNotice, Notice, Page, Panel, State, Submit, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Sync Options' }]

const question = 'The account is created at the vendor with these options. Synchronize now?'

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const accountId = args.params['id'] ?? ''
  const sync = await shown(
    (async () =>
      viewSync(app.db, connectorOf(app, args.params['connector'] ?? ''), actor, accountId as never))(),
  )
  return {
    accountId,
    name: sync.name,
    state: sync.state,
    orderId: args.url.searchParams.get('order') ?? '',
    options: sync.options.map(({ id, name, hint, choices, mustBeBlank, type }) => ({
      id,
      name,
      hint,
      choices,
      mustBeBlank,
      type,
      value: sync.effective[id] ?? '',
    })),
    instances: sync.instances.map(({ id, systemName, state, reason }) => ({ id, systemName, state, reason })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    const code = args.params['connector'] ?? ''
    const accountId = args.params['id'] as never
    const connector = connectorOf(app, code)
    const intent = textOf(form, 'intent')
    const values = Object.fromEntries(connector.syncOptions.map(({ id }) => [id, textOf(form, id)]))
    await saveSyncOptions(app, actor, { accountId, connector: code, values })
    const orderId = textOf(form, 'order')
    const here = `/accounts/${accountId}/sync/${code}${orderId ? `?order=${encodeURIComponent(orderId)}` : ''}`
    if (intent === 'save') return done(here, 'The options are saved.')
    if (intent === 'ask') {
      const typed = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]))
      const state: FormState = {
        intent: 'ask',
        code: 'confirm',
        message: question,
        faults: {},
        typed,
        details: {},
      }
      return data(state)
    }
    await synchronizeWithConnector(app, actor, { accountId, connector: code })
    return done(here, `Synchronization with ${connector.name} has begun.`)
  })
}

export default function AccountSync() {
  const sync = useLoaderData<typeof loader>()
  const state = useActionData() as FormState | undefined
  const dialog = useRef<HTMLDialogElement>(null)
  const isAsked = state?.intent === 'ask' && state.code === 'confirm'
  return (
    <Page
      title={`Sync Options: ${sync.name}`}
      lead={
        <>
          <To to={`/accounts/${sync.accountId}`}>Back to the account</To>{' '}
          {sync.orderId && <To to={`/orders/${sync.orderId}`}>Back to the order</To>}
        </>
      }
    >
      {!isAsked && <FormNotice state={state} />}
      <Panel title="Status">
        <p>
          <State>{sync.state}</State>
        </p>
        <ul>
          {sync.instances.map((each) => (
            <li key={each.id}>
              {each.systemName}: {each.state} {each.reason}
            </li>
          ))}
        </ul>
      </Panel>
      <Form method="post" className="grid max-w-xl gap-4">
        <input type="hidden" name="order" value={sync.orderId} />
        {sync.options.map((option) => (
          <Field
            key={option.id}
            label={option.name}
            name={option.id}
            value={option.value}
            hint={option.hint}
            state={state}
            readOnly={option.mustBeBlank ?? false}
            {...(option.choices && { options: option.choices.map((each) => [each, each] as const) })}
          />
        ))}
        {isAsked ? (
          <Notice>
            <p>{question}</p>
            <Submit intent="synchronize">OK</Submit>
          </Notice>
        ) : (
          <div className="flex flex-wrap gap-2">
            <Submit plain>Save</Submit>
            <button
              type="submit"
              name="intent"
              value="ask"
              className="min-h-10 rounded-md bg-blue-700 px-4 py-2 font-medium text-white"
              onClick={(event) => {
                event.preventDefault()
                dialog.current?.showModal()
              }}
            >
              Save &amp; Synchronize
            </button>
          </div>
        )}
        <dialog ref={dialog} aria-label="Synchronize" className="m-auto rounded-lg p-6">
          <p className="mb-4">{question}</p>
          <div className="flex gap-2">
            <button
              type="submit"
              name="intent"
              value="synchronize"
              onClick={() => dialog.current?.close()}
              className="min-h-10 rounded-md bg-blue-700 px-4 text-white"
            >
              OK
            </button>
            <button
              type="button"
              onClick={() => dialog.current?.close()}
              className="min-h-10 rounded-md border px-4"
            >
              Not now
            </button>
          </div>
        </dialog>
      </Form>
    </Page>
  )
}
