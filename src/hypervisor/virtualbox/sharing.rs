use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::Error;
use crate::hypervisor::Sharing;
use crate::model::ShareAccess;
use crate::model::ShareLifetime;
use crate::model::ShareMount;
use crate::model::ShareName;
use crate::model::SharedFolder;
use crate::model::VmRef;

#[async_trait]
impl Sharing for VirtualBoxManager {
    async fn shared_folders(&self, vm: &VmRef) -> Result<Vec<SharedFolder>, Error> {
        let printed = self.call(self.commands.show_to_people(vm), Some(vm)).await?;
        parse::shared_folders(&printed)
    }

    async fn share(&self, vm: &VmRef, folder: &SharedFolder) -> Result<(), Error> {
        let mut line = self.commands.shared_folder("add", vm, &folder.name, folder.lifetime);
        line = line.arg("--hostpath").arg(&folder.host_path);
        if folder.access == ShareAccess::ReadOnly {
            line = line.arg("--readonly");
        }
        line = match &folder.mount {
            ShareMount::Never => line,
            ShareMount::Anywhere => line.arg("--automount"),
            ShareMount::At(place) => line.args(["--automount", "--auto-mount-point", place]),
        };
        self.tell(line, vm).await
    }

    async fn unshare(
        &self,
        vm: &VmRef,
        name: &ShareName,
        lifetime: ShareLifetime,
    ) -> Result<(), Error> {
        self.tell(self.commands.shared_folder("remove", vm, name, lifetime), vm).await
    }
}

#[cfg(test)]
mod tests {
    use crate::hypervisor::Sharing;
    use crate::hypervisor::virtualbox::testing::{Rig, named, silent};
    use crate::model::{ShareAccess, ShareLifetime, ShareMount, SharedFolder};

    #[tokio::test]
    async fn each_wish_is_an_option() {
        let rig = Rig::new([silent(), silent(), silent()]);
        let plain = SharedFolder {
            name: "data".parse().unwrap(),
            host_path: "/srv/my data".into(),
            access: ShareAccess::ReadWrite,
            mount: ShareMount::Never,
            lifetime: ShareLifetime::Kept,
        };
        let special = SharedFolder {
            access: ShareAccess::ReadOnly,
            mount: ShareMount::At("/mnt".to_owned()),
            lifetime: ShareLifetime::UntilOff,
            ..plain.clone()
        };
        rig.manager.share(&named("web"), &plain).await.unwrap();
        rig.manager.share(&named("web"), &special).await.unwrap();
        rig.manager.unshare(&named("web"), &plain.name, ShareLifetime::UntilOff).await.unwrap();
        let begin = "sharedfolder add web --name data";
        let path = "--hostpath '/srv/my data'";
        assert_eq!(
            rig.calls(),
            [
                format!("{begin} {path}"),
                format!(
                    "{begin} --transient {path} --readonly --automount --auto-mount-point /mnt"
                ),
                "sharedfolder remove web --name data --transient".to_owned(),
            ]
        );
    }
}
