// The Sync Options of one account, where an order waits for them. Save & Synchronize asks first: in a dialog, or in a second
// step without JavaScript.
import { useRef } from 'react'
import { Form } from 'react-router'
import type { FormState } from './desk.ts'
import { Field, FormNotice, Notice, Panel, State, Submit } from './kit.tsx'
import type { OrderSync } from './order-sync.ts'

const question = 'The account is created at the vendor with these options. Synchronize now?'

export function SyncPanel({ sync, state }: { sync: OrderSync; state: FormState | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const isMine =
    state?.typed['accountId']?.[0] === sync.accountId && state.typed['connector']?.[0] === sync.connector
  const own = isMine ? state : undefined
  const isAsked = own?.code === 'confirm'
  return (
    <Panel title={`Sync Options: ${sync.accountName}, ${sync.connectorName}`}>
      <p>
        <State>{sync.state}</State> {sync.missing.length > 0 && `Missing: ${sync.missing.join(', ')}.`}
      </p>
      {sync.reasons.map((reason) => (
        <Notice key={reason} tone="bad">
          {reason}
        </Notice>
      ))}
      {!isAsked && <FormNotice state={own} />}
      {!sync.isReady && sync.state !== 'synchronizing' && (
        <Form method="post" className="grid max-w-xl gap-4">
          <input type="hidden" name="accountId" value={sync.accountId} />
          <input type="hidden" name="connector" value={sync.connector} />
          {sync.options.map((option) => (
            <Field
              key={option.id}
              label={option.name}
              name={option.id}
              value={option.value}
              hint={option.hint}
              state={own}
              readOnly={option.mustBeBlank ?? false}
              {...(option.choices && { options: option.choices.map((each) => [each, each] as const) })}
            />
          ))}
          {isAsked ? (
            <Notice>
              <p className="mb-3">{question}</p>
              <Submit intent="synchronize">OK</Submit>
            </Notice>
          ) : (
            <div>
              <button
                type="submit"
                name="intent"
                value="ask"
                className="min-h-10 rounded-md bg-blue-700 px-4 py-2 font-medium text-white hover:bg-blue-800"
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
      )}
    </Panel>
  )
}
