// Lists as somebody likes to see them: their own, by name.
import { z } from 'zod'
import type { App } from '#flows/app.ts'
import { forgetSavedList, saveListAs } from '#flows/lists/save-list.ts'
import { Refusal } from '#kernel/failure.ts'
import { SAVED_NAME_MOST, type SavedList } from '#modules/lists'
import { viewSavedLists } from '#views/lists/saved-lists.ts'
import { staffFor, staffIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { ListAddress, ListName } from './list-address.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, pageOfShort } from './schemas.ts'

const tags = ['Lists']

const Body = z
  .object({ id: Id, list: z.string(), name: z.string(), query: z.string(), createdAt: Moment })
  .meta({ id: 'SavedFilter', description: 'Filters, sort and columns of a list under a name of your own.' })

const bodyOf = ({ id, list, name, query, createdAt }: SavedList): z.infer<typeof Body> => ({
  id,
  list,
  name,
  query,
  createdAt: momentOf(createdAt),
})

export function savedFilterRoutes(api: Api, app: App): void {
  api.get(
    '/saved-filters',
    {
      schema: {
        tags,
        summary: 'List saved filters',
        description: 'Your own, by the time they were first saved.',
        querystring: ListQuery.extend({ list: ListName.optional() }),
        response: { 200: listOf(Body, 'SavedFilterList') },
      },
    },
    async (request) => {
      const { list, ...page } = request.query
      const saved = await viewSavedLists(app.db, await staffIn(request), { list })
      return pageOfShort(saved, ({ id }) => id, page, bodyOf)
    },
  )

  api.post(
    '/saved-filters',
    {
      schema: {
        tags,
        summary: 'Save a filter',
        description:
          'One of the same name (whatever its case) of the same list is replaced and keeps its id.',
        body: z
          .strictObject({
            list: ListName,
            name: z
              .string()
              .describe(`At most ${SAVED_NAME_MOST} characters.`)
              .meta({ examples: ['Waiting in Austria'] }),
            query: ListAddress,
          })
          .meta({ id: 'NewSavedFilter' }),
        response: { 201: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const saved = await saveListAs(inside, await staffIn(request), request.body)
        return { status: 201, body: bodyOf(saved) }
      }),
  )

  api.delete(
    '/saved-filters/:id',
    {
      schema: {
        tags,
        summary: 'Delete a saved filter',
        description: 'Answers what it was.',
        params: IdParams,
        response: { 200: Body },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const forgotten = await forgetSavedList(inside, staffFor(request, 'saved-filter'), request.params)
        if (!forgotten)
          throw new Refusal('saved-filter/not-found', 'This saved filter does not exist any more.')
        return { body: bodyOf(forgotten) }
      }),
  )
}
