/**
 * @generated SignedSource<<577e9ece2259851d1d038e8059e8765e>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type PaymentLinkStatusInput = "CLOSED" | "EXPIRED" | "OPEN" | "%future added value";
export type UpdatePaymentLinkUserErrorCode = "BELOW_CURRENT_USAGE" | "INVALID" | "NOT_APPLIED" | "NOT_FOUND" | "REJECTED" | "STALE" | "UNKNOWN_PAYMENT_METHOD" | "%future added value";
export type UpdatePaymentLinkInput = {
  accountId: string;
  expectedUpdatedAt?: string | null;
  expectedVersion?: string | null;
  expiredAt?: string | null;
  id: string;
  maxUsage?: number | null;
  optionalMetadata?: Record<string, unknown> | null;
  redirectUrl?: string | null;
  requiredCustomerDetail?: boolean | null;
  status?: PaymentLinkStatusInput | null;
  whitelistedPaymentMethod?: ReadonlyArray<string> | null;
};
export type updatePaymentLinkMutation$variables = {
  input: UpdatePaymentLinkInput;
};
export type updatePaymentLinkMutation$data = {
  readonly updatePaymentLink: {
    readonly paymentLink: {
      readonly accountId: string;
      readonly id: string;
      readonly " $fragmentSpreads": FragmentRefs<"paymentLinkList_link">;
    } | null;
    readonly userErrors: ReadonlyArray<{
      readonly code: UpdatePaymentLinkUserErrorCode;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};
export type updatePaymentLinkMutation = {
  response: updatePaymentLinkMutation$data;
  variables: updatePaymentLinkMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "accountId",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "concreteType": "UpdatePaymentLinkUserError",
  "kind": "LinkedField",
  "name": "userErrors",
  "plural": true,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "field",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    }
  ],
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "updatePaymentLinkMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "UpdatePaymentLinkPayload",
        "kind": "LinkedField",
        "name": "updatePaymentLink",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "PaymentLink",
            "kind": "LinkedField",
            "name": "paymentLink",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
              (v3/*:: as any*/),
              {
                "args": null,
                "kind": "FragmentSpread",
                "name": "paymentLinkList_link"
              }
            ],
            "storageKey": null
          },
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "updatePaymentLinkMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "UpdatePaymentLinkPayload",
        "kind": "LinkedField",
        "name": "updatePaymentLink",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "PaymentLink",
            "kind": "LinkedField",
            "name": "paymentLink",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
              (v3/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "title",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "status",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "totalAmount",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "currency",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "maxUsage",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "version",
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "86cf64d1cfeee66bc3b302af89448541",
    "id": null,
    "metadata": {},
    "name": "updatePaymentLinkMutation",
    "operationKind": "mutation",
    "text": "mutation updatePaymentLinkMutation(\n  $input: UpdatePaymentLinkInput!\n) {\n  updatePaymentLink(input: $input) {\n    paymentLink {\n      id\n      accountId\n      ...paymentLinkList_link\n    }\n    userErrors {\n      code\n      field\n      message\n    }\n  }\n}\n\nfragment paymentLinkList_link on PaymentLink {\n  id\n  accountId\n  title\n  status\n  totalAmount\n  currency\n  maxUsage\n  version\n}\n"
  }
};
})();

(node as any).hash = "644cacc997a3c3ba9fd8e4b8897a07dc";

export default node;
