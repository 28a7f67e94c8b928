// Lighthouse's own mobile run of each address that is given; a line of JSON with the scores of each.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"];
for (const address of process.argv.slice(2)) {
  const chrome = await launch({ chromeFlags: flags, chromePath: process.env.CHROME_PATH });
  try {
    const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error" });
    const scores = Object.values(lhr.categories).map(({ title, score }) => [title, Math.round(score * 100)]);
    const failed = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 0.9).map(({ id }) => id);
    console.log(JSON.stringify({ address, failed, scores }));
  } finally {
    chrome.kill();
  }
}
