// The eight charts of Kysyntä in Mosaic, with a menu of languages.
// With ?server the page asks a DuckDB server; without it the rows come here, into DuckDB-WASM.
import * as duckdb from "@duckdb/duckdb-wasm";
import { makeClient } from "@uwdata/mosaic-core";
import * as vg from "@uwdata/vgplot";

const FIGURES = `
  WITH chosen AS (SELECT * FROM encounter WHERE $filter AND occurred_on BETWEEN DATE '$year-01-01' AND DATE '$year-09-30'),
  first_visit AS (
    SELECT client, min(occurred_on) AS first_on FROM encounter
    WHERE client > 0 AND client IN (SELECT client FROM chosen) GROUP BY client
  )
  SELECT count(DISTINCT client) FILTER (WHERE client > 0)::INTEGER AS clients,
    count(*)::INTEGER AS encounters,
    count(DISTINCT client) FILTER (WHERE occurred_on = first_on)::INTEGER AS new_clients,
    100 * avg((resolution = 'solved')::INTEGER) FILTER (WHERE resolution <> 'unknown') AS solved_share,
    100 * avg((language_support IN ('own_language', 'common_language', 'interpreter_on_site', 'interpreter_remote'))::INTEGER)
      FILTER (WHERE language_support <> 'unknown') AS understood_language_share,
    100 * avg((len(topics) >= 2)::INTEGER) AS several_topics_share
  FROM chosen LEFT JOIN first_visit USING (client)`;
const TIMES = `
  SELECT median(minutes) AS minutes,
    median(occurred_on - requested_on) FILTER (WHERE channel = 'appointment') AS wait,
    quantile_cont(occurred_on - requested_on, 0.9) FILTER (WHERE channel = 'appointment') AS long_wait
  FROM this_year WHERE $filter`;

async function inBrowser() {
  const worker = new Worker("duckdb-browser-eh.worker.js");
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await db.instantiate(new URL("duckdb-eh.wasm", location.href).href);
  const connection = await db.connect();
  const rows = await (await fetch("encounters.arrow")).arrayBuffer();
  await connection.insertArrowFromIPCStream(new Uint8Array(rows), { name: "encounter", create: true });
  return vg.wasmConnector({ duckdb: db, connection });
}

const server = new URLSearchParams(location.search).has("server");
const coordinator = vg.coordinator();
coordinator.logger(null);
const connector = server ? vg.restConnector({ uri: location.origin }) : await inBrowser();
window.pending = 0; // queries that have no answer yet, for whoever waits for the last paint
coordinator.databaseConnector({
  query: async (query) => {
    window.pending += 1;
    try {
      return await connector.query(query);
    } finally {
      window.pending -= 1;
    }
  },
});
if (server) await coordinator.exec("CREATE OR REPLACE TABLE encounter AS FROM read_parquet('encounters.parquet')");
await coordinator.exec("CREATE OR REPLACE VIEW this_year AS FROM encounter WHERE occurred_on >= DATE '2026-01-01'");
await coordinator.exec("CREATE OR REPLACE VIEW topic AS SELECT language, channel, unnest(topics) AS topic FROM this_year");
await coordinator.exec(`CREATE OR REPLACE VIEW week AS
  SELECT language, isodow(occurred_on)::INTEGER AS weekday, hour FROM this_year WHERE hour IS NOT NULL`);

const MONTH = vg.sql`date_trunc('month', occurred_on)`;
const chosen = vg.Selection.single();
const size = [vg.width(640), vg.height(300), vg.marginLeft(130)];
const from = (table) => vg.from(table, { filterBy: chosen });
const bars = (column) => vg.plot(vg.barX(from("this_year"), { x: vg.count(), y: column, sort: { y: "-x" } }), ...size);
const heat = (table, x, y) => vg.plot(vg.cell(from(table), { x, y, fill: vg.count() }), vg.colorScheme("blues"), ...size);

function numbers(statement) {
  const place = document.createElement("p");
  place.className = "numbers";
  makeClient({
    coordinator,
    selection: chosen,
    query: (filter) => statement.replaceAll("$filter", filter?.length ? `(${filter})` : "true"),
    queryResult: (data) => {
      place.textContent = JSON.stringify([...data][0]);
    },
  });
  return place;
}

document.body.append(
  vg.menu({ from: "encounter", column: "language", as: chosen, label: "language" }),
  numbers(FIGURES.replaceAll("$year", "2026")),
  numbers(FIGURES.replaceAll("$year", "2025")),
  vg.plot(
    vg.lineY(from("encounter"), { x: MONTH, y: vg.count(), stroke: "steelblue" }),
    vg.lineY(from("encounter"), { x: MONTH, y: vg.count("client").distinct(), stroke: "orange" }),
    ...size,
  ),
  bars("municipality"),
  heat("topic", "channel", "topic"),
  heat("week", "hour", "weekday"),
  bars("language_support"),
  numbers(TIMES),
);
window.ready = true;
