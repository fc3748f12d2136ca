CREATE TABLE tessera_tokens (
  owner text not null,
  id text not null,
  digest text not null unique,
  prefix text not null,
  created_at integer not null,
  counts_until integer,
  ended_at integer,
  record text not null,
  primary key (owner, id)
) strict;
CREATE INDEX tessera_tokens_by_creation on tessera_tokens (owner, prefix, created_at, id);
CREATE INDEX tessera_tokens_by_count on tessera_tokens (owner, prefix, counts_until) where counts_until is not null;
CREATE INDEX tessera_tokens_by_end on tessera_tokens (ended_at) where ended_at is not null;
CREATE TABLE tessera_requests (
  owner text not null,
  key text not null,
  prefix text not null,
  expires_at integer not null,
  kept text not null,
  primary key (owner, key)
) strict;
CREATE INDEX tessera_requests_by_expiry on tessera_requests (expires_at);
CREATE TABLE tessera_changes (n integer primary key, nonce text not null, digest text, owner text) strict;
CREATE TABLE tessera_facts (name text primary key, value integer not null) strict;
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'a8d973ca-8aba-44a3-ab65-e55e5d878374', 'obw7yWaSjVOaGfOF6B6zlvaBpVBShD3VaXT7_AYcA6c', 'up_pat', 1796083201000, 9007199254740991, null, '{"preview":"up_pat_AnJw********2Wts","name":"plain","scopes":["jobs:read","jobs:write"],"lastUsedAt":1796083208000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '1f3867a3-a83d-48fa-8ddc-1101daef3c1d', 'JY-6WVUZb8kSjlYpbuIzKP_T0FfUEv0uXKZWjYFsAS4', 'up_pat', 1796083202000, 10413792000000, 10413792000000, '{"preview":"up_pat_7kma********zAQk","name":"full","scopes":["jobs:read","jobs:write"],"createdBy":"ada@example.com","attributes":{"team":"build"},"expiresAt":10413792000000,"networks":["10.0.0.0/8"],"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '99367d90-efbb-4e52-bd3d-3448377e8087', 'Xc49pk84iJi1om4b4FaHtITcD0lIWJSrrMBhbkFyrXc', 'up_pat', 1796083203000, 9007199254740991, null, '{"preview":"up_pat_kIP5********Awlz","name":"made","scopes":["jobs:read","jobs:write"],"issuedBy":"a8d973ca-8aba-44a3-ab65-e55e5d878374","makers":["a8d973ca-8aba-44a3-ab65-e55e5d878374"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'ee020257-403d-4cab-85ff-9008922a2066', 'SpkbQSzNVHdupOpq13eSvh66rsTVPTGCC6KXOyr8ZF4', 'up_pat', 1796083204000, 1796086800000, 1796086800000, '{"preview":"up_pat_Hh04********GAs3","name":"ends","scopes":["jobs:read","jobs:write"],"expiresAt":1796086800000,"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'cc9b13e0-331b-4dcc-8837-3a7c69bb42a9', 'aoIFwZEtQ0fURPpkSzCdzzrojyYOlVjeQY6I0UqddvI', 'up_pat', 1796083205000, 9007199254740991, null, '{"preview":"up_pat_861v********iEIn","name":"suspended","scopes":["jobs:read","jobs:write"],"suspendedAt":1796083205000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '66970c33-23f0-4445-82c2-00a1f94c220f', 'pqqPpxCY81XVNXlpY0lptRAj86i2P1ZBgD2H9xltnnQ', 'up_pat', 1796083206000, null, 1796083206000, '{"preview":"up_pat_IxqY********gjZL","name":"revoked","scopes":["jobs:read","jobs:write"],"revokedAt":1796083206000,"revokedReason":"leaked"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '0dd66e03-243f-49c5-a9c3-2f058b2d69cc', 'AI6wFZ46G30nicqqf9NhSAAb7vvsFPBsSYhpjymXzwQ', 'up_pat', 1796083207000, 9007199254740991, null, '{"preview":"up_pat_KKha********CR1N","name":"edited","scopes":["jobs:read","jobs:write"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '107bca3c-acd5-480f-9344-f71fcaff2157', 'JHwH6HrIoMIUiLqlbYWKdYwOh3jqHtoCn8IellN_4Tw', 'up_pat', 1796083208000, null, 1798675208000, '{"preview":"up_pat_1tki********tjX3","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedTo":"3fb18306-c767-43f8-a861-9efd14ba88d3","overlapEndsAt":1798675208000,"sealedSuccessor":"v1._WbBJLi1iB7QDjKjGaDruXBYO_rv3Rd6c59PMq130moCKWdJZ3cHeBdm7Sj9dAixtdlmCa0vPbsqYe342C-jaMFzmlUyG5sWtQQDdIiTAVfxjvp8RSoQ"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '3fb18306-c767-43f8-a861-9efd14ba88d3', 'oPlQBb55AvJTloOkQC1PlCCV8k4uStqZ1pWaRrHOdjw', 'up_pat', 1796083208000, 9007199254740991, null, '{"preview":"up_pat_MS35********GHY9","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedFrom":"107bca3c-acd5-480f-9344-f71fcaff2157","overlapEndsAt":1798675208000,"pending":true,"line":"107bca3c-acd5-480f-9344-f71fcaff2157"}');
insert into "tessera_requests" (owner, key, prefix, expires_at, kept) values ('acme', 'up_pat:a-change', 'up_pat', 1796169603000, '{"key":"up_pat:a-change","fingerprint":"5_Oyz_IMzDEme52sIlggOTRptw9dV0rZTIz95GfnaTs","expiresAt":1796169603000,"limit":10000,"answer":{"record":{"id":"99367d90-efbb-4e52-bd3d-3448377e8087","owner":"acme","digest":"Xc49pk84iJi1om4b4FaHtITcD0lIWJSrrMBhbkFyrXc","prefix":"up_pat","preview":"up_pat_kIP5********Awlz","name":"made","scopes":["jobs:read","jobs:write"],"createdBy":null,"attributes":{},"createdAt":1796083203000,"updatedAt":1796083203000,"expiresAt":null,"lastUsedAt":null,"suspendedAt":null,"revokedAt":null,"revokedReason":null,"rotatedTo":null,"rotatedFrom":null,"overlapEndsAt":null,"pending":false,"sealedSuccessor":null,"networks":null,"issuedBy":"a8d973ca-8aba-44a3-ab65-e55e5d878374","makers":["a8d973ca-8aba-44a3-ab65-e55e5d878374"],"line":"99367d90-efbb-4e52-bd3d-3448377e8087","lineCreatedAt":1796083203000,"expiryCeiling":null,"fixedExpiry":false}}}');
insert into "tessera_changes" (n, nonce, digest, owner) values (0, '92191fec24637a162e3d4200', null, null);
insert into "tessera_changes" (n, nonce, digest, owner) values (1, 'agVbFILnpUR7', 'aoIFwZEtQ0fURPpkSzCdzzrojyYOlVjeQY6I0UqddvI', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (2, 'YDG4B9KnL8do', 'pqqPpxCY81XVNXlpY0lptRAj86i2P1ZBgD2H9xltnnQ', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (3, 'Lu5kWNKc2Qy3', 'pqqPpxCY81XVNXlpY0lptRAj86i2P1ZBgD2H9xltnnQ', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (4, 'HZd8CbXzyYKc', 'AI6wFZ46G30nicqqf9NhSAAb7vvsFPBsSYhpjymXzwQ', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (5, 'Ll01AX1W38v1', 'JHwH6HrIoMIUiLqlbYWKdYwOh3jqHtoCn8IellN_4Tw', null);
insert into "tessera_facts" (name, value) values ('layout', 1);
