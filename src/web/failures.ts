// What a failure of a loader or action becomes on a page: a status and words fit for people, never a stack trace.
import { data, type ServerBuild, UNSAFE_ErrorResponseImpl } from 'react-router'
import { problemOf } from '#platform/http.ts'
import { pageOf } from '#web/context.ts'

/** What the error page knows. `reference` is what a caller tells the help desk, and what the log can be searched for. */
export type PageFailure = { readonly status: number; readonly message: string; readonly reference?: string }

export function failureOf(error: unknown, reference: string): PageFailure {
  const problem = problemOf(error)
  return {
    status: problem.status,
    message: problem.detail,
    reference: problem.status >= 500 ? reference : undefined,
  }
}

type Routes = ServerBuild['routes']
type Module = NonNullable<Routes[string]>['module']

/** The same build with every loader and action guarded, so that page files need not think of failures. */
export function guarded(build: ServerBuild): ServerBuild {
  const routes: Routes = {}
  for (const [id, route] of Object.entries(build.routes)) {
    if (!route) continue
    const module: Module = { ...route.module }
    if (module.loader) module.loader = guard(module.loader)
    if (module.action) module.action = guard(module.action)
    routes[id] = { ...route, module }
  }
  return { ...build, routes }
}

// Both a loader and an action are functions of one argument that carries the context.
function guard<F extends NonNullable<Module['loader']> | NonNullable<Module['action']>>(handle: F): F {
  const guardedHandle = async (args: Parameters<F>[0]) => {
    try {
      return await (handle as (args: unknown) => unknown)(args)
    } catch (error) {
      if (isAnswer(error)) throw error
      const { log, reference } = pageOf(args.context)
      const failure = failureOf(error, reference)
      if (failure.status >= 500) log.error({ err: error, reference }, 'a page failed')
      throw data(failure, { status: failure.status })
    }
  }
  return guardedHandle as unknown as F
}

/** Redirects and `data(…)` are thrown on purpose. */
function isAnswer(thrown: unknown): boolean {
  if (thrown instanceof Response || thrown instanceof UNSAFE_ErrorResponseImpl) return true
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'type' in thrown &&
    thrown.type === 'DataWithResponseInit'
  )
}
