use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::support::served::Served;

/// A client over WebSocket.
pub(super) struct Talk(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Talk {
    pub(super) async fn open(served: &Served, protocols: Option<&str>) -> Result<Self, u16> {
        let lines: Vec<_> =
            protocols.map(|it| ("sec-websocket-protocol", it)).into_iter().collect();
        Self::open_with(served, "/v1/ws", &lines).await
    }

    /// Opens one at a path, with more lines in the head.
    pub(super) async fn open_with(
        served: &Served,
        path: &str,
        lines: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let url = format!("ws://{}{path}", served.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in lines {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(tokio_tungstenite::tungstenite::Error::Http(refusal)) => {
                Err(refusal.status().as_u16())
            }
            Err(other) => panic!("{other}"),
        }
    }

    pub(super) async fn say(&mut self, message: &Value) {
        use futures_util::SinkExt as _;
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Returns the next message; the end, with its code, is one too.
    pub(super) async fn hear(&mut self) -> Value {
        use futures_util::StreamExt as _;
        loop {
            let next = tokio::time::timeout(Duration::from_mins(1), self.0.next());
            match next.await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return json!({ "closed": u16::from(frame.code), "reason": frame.reason.as_str() });
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return json!({ "closed": null }),
            }
        }
    }

    /// Hears on until a message is the right one.
    pub(super) async fn hear_until(&mut self, right: impl Fn(&Value) -> bool) -> Value {
        loop {
            let heard = self.hear().await;
            assert!(heard.get("closed").is_none(), "{heard}");
            if right(&heard) {
                return heard;
            }
        }
    }

    /// Calls a method, and returns its result.
    pub(super) async fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.say(&json!({"id": method, "method": method, "params": params})).await;
        let answer = self.hear_until(|it| it["id"] == method).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }
}
