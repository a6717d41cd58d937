import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listInstances } from '#views/catalogue/list-instances.ts'
import { deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { Notice, Page, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Setup' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const instances = await shown(listInstances(app.db, actor, { now: app.now() }))
  return {
    expiring: instances.filter((each) => each.expiresSoon).map(({ id, systemName }) => ({ id, systemName })),
  }
}

export default function Setup() {
  const { expiring } = useLoaderData<typeof loader>()
  return (
    <Page title="Setup">
      {expiring.length > 0 && (
        <Notice tone="bad">
          A certificate expires soon or has expired:{' '}
          {expiring.map((each) => (
            <span key={each.id}>
              <To to={`/setup/applications/${each.id}`}>{each.systemName}</To>{' '}
            </span>
          ))}
        </Notice>
      )}
      <nav aria-label="Setup">
        <ul className="grid gap-6 [&_ul]:grid [&_ul]:gap-2 [&_ul]:border-l [&_ul]:border-neutral-400 [&_ul]:py-2 [&_ul]:pl-5">
          <li>
            Administration
            <ul>
              <li>
                System Options
                <ul>
                  <li>
                    <To to="/setup/applications">Applications Setup</To>
                    <ul>
                      <li>
                        <To to="/setup/applications#microsoft-esd">Microsoft ESD</To>
                      </li>
                    </ul>
                  </li>
                </ul>
              </li>
              <li>
                Notifications
                <ul>
                  <li>
                    <To to="/setup/notifications">Customer Notifications</To>
                  </li>
                </ul>
              </li>
            </ul>
          </li>
          <li>
            Tools
            <ul>
              <li>
                <To to="/setup/key-pools">Key pools</To>
              </li>
            </ul>
          </li>
        </ul>
      </nav>
    </Page>
  )
}
