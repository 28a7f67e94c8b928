// The rows of a query as virtuoso-sparql-client asks for them, with the empty fields that it sends, as JSON.
const { Client } = require("virtuoso-sparql-client");

const [endpoint, query] = process.argv.slice(2);
const client = new Client(endpoint);
client.setQueryFormat("application/json");
client
  .query(query)
  .then((found) => process.stdout.write(JSON.stringify(found)))
  .catch((error) => {
    process.stderr.write(String(error.message || error.statusMessage));
    process.exitCode = 1;
  });
