import { type ControlRequest, type ControlRoute, controlRoute } from '../../../sandbox/control.js'
import type { LinkStore, NewLink } from './records.js'

/** What a test does to the stored links, as another client of the same API would. */
export type LinkControls = Pick<LinkStore, 'linksOf' | 'insertLink' | 'patchLink' | 'deleteLink' | 'pay' | 'setLinkRaw'>

export function linkControls(store: LinkStore): LinkControls {
  return {
    linksOf: (accountId) => store.linksOf(accountId),
    insertLink: (link) => store.insertLink(link),
    patchLink: (accountId, id, changes) => store.patchLink(accountId, id, changes),
    deleteLink: (accountId, id) => store.deleteLink(accountId, id),
    pay: (accountId, id) => store.pay(accountId, id),
    setLinkRaw: (accountId, id, raw) => store.setLinkRaw(accountId, id, raw),
  }
}

export function linkControlRoutes(controls: LinkControls): readonly ControlRoute[] {
  const link = '/links/:accountId/:id'
  return [
    controlRoute('GET', '/links/:accountId', ({ param }) => controls.linksOf(param('accountId'))),
    controlRoute('POST', '/links', ({ body }) => controls.insertLink(body() as unknown as NewLink)),
    controlRoute('PATCH', link, (request) => controls.patchLink(...placeOf(request), request.body())),
    controlRoute('DELETE', link, (request) => controls.deleteLink(...placeOf(request))),
    controlRoute('POST', `${link}/pay`, (request) => controls.pay(...placeOf(request))),
    controlRoute('PUT', `${link}/raw`, (request) => controls.setLinkRaw(...placeOf(request), request.body())),
    controlRoute('DELETE', `${link}/raw`, (request) => controls.setLinkRaw(...placeOf(request), null)),
  ]
}

function placeOf({ param }: ControlRequest): [accountId: string, id: number] {
  return [param('accountId'), Number(param('id'))]
}
