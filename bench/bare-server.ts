// The limit: node:http and one hand-written statement that gives the answer as JSON text.
import { createServer } from 'node:http';
import pg from 'pg';

const { DATABASE_URL, ORGANIZATION_ID, PORT } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });

const statement = `
  SELECT json_agg(json_build_object('id', b.id, 'jobName', b.job_name, 'number', b.number, 'status', b.status,
    'durationMs', b.duration_ms, 'startedAt', b.started_at, 'branch', b.branch, 'commitSha', b.commit_sha,
    'stages', (SELECT json_agg(s) FROM (
      SELECT s.name, s.stage_order AS "order", s.status, s.duration_ms AS "durationMs" FROM stages s
      WHERE s.organization_id = $1 AND s.build_id = b.id ORDER BY s.stage_order LIMIT 5) s),
    'testResults', (SELECT json_agg(t) FROM (
      SELECT t.id, t.status, t.duration_us AS "durationUs", json_build_object('suite', c.suite, 'name', c.name) AS "testCase"
      FROM test_results t JOIN test_cases c ON c.organization_id = $1 AND c.id = t.test_case_id
      WHERE t.organization_id = $1 AND t.build_id = b.id ORDER BY t.recorded_at DESC, t.id DESC LIMIT 10) t)
  ))::text AS body
  FROM (SELECT * FROM builds WHERE organization_id = $1
    ORDER BY coalesce(started_at, recorded_at) DESC, id DESC LIMIT 20) b`;

createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    pool
      .query<{ body: string }>({ name: 'nested', text: statement, values: [ORGANIZATION_ID] })
      .then(
        ({ rows }) => {
          response.setHeader('content-type', 'application/json');
          response.end(rows[0]?.body);
        },
        (error: unknown) => {
          response.statusCode = 500;
          response.end(String(error));
        },
      );
  });
}).listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write('ready\n');
});
