import { Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RelayEnvironmentProvider } from 'react-relay'
import { createEnvironment } from '../environment.js'
import { PaymentLinkList } from '../payment-link-list.js'

// The page's URL says whose links to show: `/?url=http://127.0.0.1:4000/graphql&accountId=01HZ…`.
const parameters = new URLSearchParams(location.search)
const environment = createEnvironment({ url: parameters.get('url') ?? 'http://127.0.0.1:4000/graphql' })

createRoot(document.querySelector('main') ?? document.body).render(
  <RelayEnvironmentProvider environment={environment}>
    <Suspense fallback="…">
      <PaymentLinkList accountId={parameters.get('accountId') ?? ''} />
    </Suspense>
  </RelayEnvironmentProvider>,
)
